import { defer, filter, map, mergeMap, type Observable } from 'rxjs';
import { listOf } from '../../codec/collections.js';
import { headers, url } from '../../codec/net.js';
import { oneOf } from '../../codec/scalars.js';
import { optional, required, type StructOf, struct } from '../../codec/struct.js';
import type { Deps } from '../../core/deps.js';
import type { EpochMs } from '../../core/units.js';
import type { RunEvent, RunObserver } from '../../engine/runEvent.js';
import type { ThresholdState } from '../../measure/runVerdict.js';
import { component } from '../../plugin/component.js';
import { summaryJson } from '../../report/summaryJson.js';
import { deliver } from './deliver.js';
import { headerMap, post, shownUrl } from './post.js';

/** A moment of a run about which a webhook is called. */
type Moment = 'start' | 'threshold' | 'end';

/** A call: its moment, and what its body has besides. */
type Call = readonly [moment: Moment, body: object];

/** The calls about one run. */
class Calls {
  readonly #violated = new Set<number>();

  of(event: RunEvent): readonly Call[] {
    if (event.type === 'run-started') return [['start', { at: event.at, pools: event.pools.map(({ id }) => id) }]];
    if (event.type === 'thresholds') return this.#violations(event.at, event.states);
    if (event.type !== 'run-finished') return [];
    const { at, summaries, seed, failure, ending, verdict, thresholds } = event;
    return [['end', { at, failure, ending, verdict, thresholds, summary: summaryJson(summaries, { seed }) }]];
  }

  /** One call for each threshold, when it is violated. */
  #violations(at: EpochMs, states: readonly ThresholdState[]): readonly Call[] {
    const fresh = [...states.entries()].filter(([i, { violated }]) => violated && !this.#violated.has(i));
    for (const [i] of fresh) this.#violated.add(i);
    return fresh.map(([, threshold]) => ['threshold', { at, threshold }]);
  }
}

/** The bodies of the calls at the chosen moments. */
function bodies(on: readonly Moment[]): (events: Observable<RunEvent>) => Observable<object> {
  return (events) =>
    defer(() => {
      const calls = new Calls();
      return events.pipe(
        mergeMap((event) => calls.of(event)),
        filter(([moment]) => on.includes(moment)),
        map(([moment, body]) => ({ event: moment, ...body })),
      );
    });
}

const keys = {
  /** The address that is called by POST with JSON. */
  url: required(url, 'the address that is called by POST with JSON'),
  /** Headers of each call, such as "[Authorization: Bearer ${TOKEN}]". */
  headers: optional(headers, [], 'headers of each call, such as "[Authorization: Bearer ${TOKEN}]"'),
  /** When it is called. */
  on: optional(listOf(oneOf(['start', 'threshold', 'end'])), ['start', 'threshold', 'end'], 'when it is called'),
};

function calling({ url: to, headers: lines, on }: StructOf<typeof keys>, { log, scheduler }: Deps): RunObserver {
  const sent = { 'Content-Type': 'application/json', ...headerMap(lines) };
  return (events, handle) =>
    events.pipe(
      bodies(on),
      deliver({
        ...{ limit: 100, batch: 1, unit: 'calls', name: `webhook ${shownUrl(to)}`, log, handle, scheduler },
        send: ([body], signal) => post({ url: to, headers: sent, body: JSON.stringify(body), signal }),
      }),
    );
}

/**
 * Calls an address when the run starts, when a threshold is violated, and when the run has ended with its summary.
 *
 * @example
 * run('./load.yaml', { observers: [webhook({ url: 'https://hooks.example.org/load', on: ['end'] })] }).subscribe();
 */
export const webhook = component({
  kind: 'observer',
  name: 'webhook',
  summary: 'Calls an address at the start, when a threshold is violated, and at the end.',
  example: { url: 'https://hooks.example.org/load', on: ['threshold', 'end'] },
  options: struct('webhook', keys),
  create: calling,
  describe: ({ url: to, on }) => `webhook ${shownUrl(to)} on ${on.join(', ')}`,
  traits: () => ({ sends: true }),
});
