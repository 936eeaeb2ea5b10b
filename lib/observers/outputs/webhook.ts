import { Observable } from 'rxjs';
import { listOf } from '../../codec/collections.js';
import { headers, url } from '../../codec/net.js';
import { oneOf } from '../../codec/scalars.js';
import { optional, required, type StructOf, struct } from '../../codec/struct.js';
import type { Deps } from '../../core/deps.js';
import type { RunEvent, RunObserver } from '../../engine/runEvent.js';
import { component } from '../../plugin/component.js';
import { summaryJson } from '../../report/summaryJson.js';
import { deliver } from './deliver.js';
import { headerMap, post, shownUrl } from './post.js';

/** A moment of a run about which a webhook is called. */
type Moment = 'start' | 'threshold' | 'end';

/** The bodies of the calls. A threshold is told once, when it is violated. */
function bodies(on: readonly Moment[]): (events: Observable<RunEvent>) => Observable<object> {
  return (events) =>
    new Observable<object>((destination) => {
      const told = new Set<number>();
      const tell = (moment: Moment, body: object): void => {
        if (on.includes(moment)) destination.next({ event: moment, ...body });
      };
      return events.subscribe({
        next: (event) => {
          if (event.type === 'run-started') tell('start', { at: event.at, pools: event.pools.map(({ id }) => id) });
          else if (event.type === 'thresholds')
            for (const [i, state] of event.states.entries()) {
              if (!state.violated || told.has(i)) continue;
              told.add(i);
              tell('threshold', { at: event.at, threshold: state });
            }
          else if (event.type === 'run-finished') {
            const { at, summaries, seed, failure, ending, verdict, thresholds } = event;
            tell('end', { at, failure, ending, verdict, thresholds, summary: summaryJson(summaries, { seed }) });
          }
        },
        error: (error: unknown) => destination.error(error),
        complete: () => destination.complete(),
      });
    });
}

const keys = {
  /** The address that is called. */
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
