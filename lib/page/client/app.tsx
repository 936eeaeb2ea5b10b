import type { ChartContext } from './charts/context.js';
import { LoadCurve, Spectrum } from './charts/distribution.js';
import { Counters, Health, Traffic, Waits } from './charts/generator.js';
import { Instances, Rates } from './charts/load.js';
import { Outcomes } from './charts/outcomes.js';
import { HeatMap, Percentiles } from './charts/times.js';
import { Controls } from './parts/controls.js';
import { Filters } from './parts/filters.js';
import { Header } from './parts/header.js';
import { Tiles } from './parts/tiles.js';
import { Facts, Log, Metrics, Threads } from './tables/facts.js';
import { Failures } from './tables/failures.js';
import { Thresholds, Verdict } from './tables/judgement.js';
import { Tags } from './tables/tags.js';
import { Workers } from './tables/workers.js';

/** The whole page. */
export function App({ context }: { readonly context: ChartContext }) {
  if (context.selected.model.view.phase === 'waiting') {
    return (
      <>
        <Header context={context} />
        <main>
          <p class="empty">The run has not started yet.</p>
          <Log context={context} />
        </main>
      </>
    );
  }
  return (
    <>
      <Header context={context} />
      <main>
        <Controls context={context} />
        <Verdict context={context} />
        <Filters context={context} />
        <Tiles context={context} />
        <section class="grid" aria-label="Charts over time">
          <Rates context={context} />
          <Percentiles
            context={context}
            title="Response time"
            note="from the planned start to the end"
            of={({ response }) => response}
          />
          <HeatMap context={context} />
          <Percentiles
            context={context}
            title="Service time"
            note="from the start to the end"
            of={({ service }) => service}
          />
          <Outcomes context={context} />
          <Waits context={context} />
          <Instances context={context} />
          <Health context={context} />
          <Counters context={context} />
          <Traffic context={context} />
          <Spectrum context={context} />
          <LoadCurve context={context} />
          <Tags context={context} />
          <Thresholds context={context} />
          <Failures context={context} />
          <Metrics context={context} />
          <Workers context={context} />
          <Threads context={context} />
          <Log context={context} />
          <Facts context={context} />
        </section>
      </main>
    </>
  );
}
