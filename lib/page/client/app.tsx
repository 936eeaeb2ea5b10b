import type { ChartContext } from './charts/context.js';
import { LoadCurve, Spectrum } from './charts/distribution.js';
import { OverTime } from './charts/overTime.js';
import { Comparison } from './comparison.js';
import { Controls } from './parts/controls.js';
import { Filters } from './parts/filters.js';
import { ComparisonHeader, Header } from './parts/header.js';
import { Strip } from './parts/strip.js';
import { Tiles } from './parts/tiles.js';
import { Facts, Log, Metrics, Threads } from './tables/facts.js';
import { Failures } from './tables/failures.js';
import { Thresholds, Verdict } from './tables/judgement.js';
import { PhaseTimes } from './tables/phases.js';
import { Tags } from './tables/tags.js';
import { Workers } from './tables/workers.js';

/** The whole page. */
export function App({ context }: { readonly context: ChartContext }) {
  const { compared } = context.store;
  if (compared !== undefined) {
    return (
      <>
        <ComparisonHeader store={context.store} />
        <main>
          <Comparison context={context} compared={compared} />
        </main>
      </>
    );
  }
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
        <Strip context={context} />
        <Tiles context={context} />
        <section class="grid" aria-label="Charts over time">
          <OverTime context={context} />
          <Spectrum context={context} />
          <LoadCurve context={context} />
          <Tags context={context} />
          <Thresholds context={context} />
          <Failures context={context} />
          <PhaseTimes context={context} />
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
