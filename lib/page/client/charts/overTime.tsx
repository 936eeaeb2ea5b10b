import { Connections, Phases } from './connections.js';
import type { ChartContext } from './context.js';
import { Counters, Health, Traffic, Waits } from './generator.js';
import { HeatMap } from './heatMap.js';
import { Instances, Rates } from './load.js';
import { Outcomes } from './outcomes.js';
import { Percentiles } from './times.js';

/** All charts over time, in the order of questions: how much, how fast, how well, and what the generator did. */
export function OverTime({ context }: { readonly context: ChartContext }) {
  return (
    <>
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
      <Connections context={context} />
      <Phases context={context} />
      <Traffic context={context} />
      <Counters context={context} />
    </>
  );
}
