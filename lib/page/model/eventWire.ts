import type { Plan } from '../../core/plan.js';
import type { RunEvent } from '../../engine/runEvent.js';
import { planCodec } from '../../record/planJson.js';
import type { PageEvent } from './pageEvent.js';
import { fromWire, toWire } from './wire.js';

type Started = Extract<RunEvent, { readonly type: 'run-started' }>;

const written = (plan: Plan | undefined): unknown => (plan === undefined ? undefined : planCodec.encode(plan));

function read(json: unknown): Plan | undefined {
  const plan = planCodec.decode(json);
  return plan._tag === 'Right' ? plan.right : undefined;
}

/** Events as text. The rate of a plan is written as points, as in a record. */
export function eventsToWire(events: readonly PageEvent[]): string {
  return toWire(
    events.map((event) => {
      if (event.type !== 'run-started') return event;
      const pools = event.pools.map(({ plan, instances, ...pool }) => ({
        ...pool,
        plan: written(plan),
        instances: written(instances),
      }));
      return { ...event, pools };
    }),
  );
}

/**
 * The events of a text of {@link eventsToWire}, of the same build.
 *
 * @throws SyntaxError for text that is not JSON.
 */
export function eventsFromWire(text: string): readonly PageEvent[] {
  const events = fromWire(text) as readonly PageEvent[];
  return events.map((event) => {
    if (event.type !== 'run-started') return event;
    const pools = event.pools.map(({ plan, instances, ...pool }) => {
      const [ofPool, ofInstances] = [read(plan), read(instances)];
      return {
        ...pool,
        ...(ofPool === undefined ? {} : { plan: ofPool }),
        ...(ofInstances === undefined ? {} : { instances: ofInstances }),
      };
    });
    return { ...event, pools } satisfies Started;
  });
}
