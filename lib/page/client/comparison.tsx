import type { ChartContext } from './charts/context.js';
import { LoadCurve, Spectrum } from './charts/distribution.js';
import { OverTime } from './charts/overTime.js';
import type { LoadedComparison } from './data/store.js';
import { Filters } from './parts/filters.js';
import { Strip } from './parts/strip.js';
import { Tiles } from './parts/tiles.js';
import { Differences, Findings } from './tables/differences.js';
import { Facts } from './tables/facts.js';

/** The page of a comparison: all runs in every chart. */
export function Comparison({
  context,
  compared: { comparison, runs },
}: {
  readonly context: ChartContext;
  readonly compared: LoadedComparison;
}) {
  return (
    <>
      <Findings comparison={comparison} />
      <Filters context={context} />
      <Strip context={context} />
      <Tiles context={context} />
      <section class="grid" aria-label="Charts over time">
        <OverTime context={context} />
        <Spectrum context={context} />
        <LoadCurve context={context} />
        <Differences context={context} comparison={comparison} />
        {runs.map(({ name, path }, i) => {
          const selected = context.runs[i]?.selected ?? context.selected;
          return (
            <Facts key={name} context={{ ...context, selected }} title={`Run ${name}: ${path}`} id={`facts-${i}`} />
          );
        })}
      </section>
    </>
  );
}
