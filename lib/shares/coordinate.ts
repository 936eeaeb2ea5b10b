import { Observable } from 'rxjs';
import type { PlayedEvent } from '../engine/runEvent.js';
import { Coordinator } from './coordinator.js';
import type { ShareLink } from './protocol.js';
import type { SharedRun } from './sharedRun.js';

/**
 * Coordinates the shares of a run, one at the other end of each link, by the protocol of docs/SHARES.md: sends each
 * its task, starts all at the same time when all are ready, merges their events, writes their results to one set of
 * sinks, and forwards drains and commands.
 *
 * ```text
 * share 0            --j--r---------e--e--f
 * share 1            ---j-----r-----e--e--f        j: joined, r: ready, e: event, f: finished
 * orders              t--------s                   t: task, s: start
 * coordinate(...)    ---------------e--e--|
 * ```
 *
 * - Completes when every share has finished and every sink is closed.
 * - A share that fails, breaks the protocol, or closes its link before its last message ends the run: the others
 *   finish the shots under way (up to 3 s) and flush, and then the stream errors, with the index of the share in
 *   `thread`. The error has its code from the share, or `ELPIS_SHARE` and names what is missing.
 * - A share that is lost while it runs may be replaced, or left out, by `onLostShare`.
 * - Shares that are not ready in time are given up, each with the reason. A running share that sends nothing is given
 *   up after 60 s, with a warning at 10 s.
 * - Conditions judge the windows of all shares, merged. When one holds, all shares stop that pool at the same time, 20 ms later.
 * - Emits the state of the workers once a second, at each loss and at the end.
 * - Every link is closed once, on every way out. Unsubscribing aborts everything.
 *
 * @see {@link playShare} for the other end.
 */
export function coordinate(links: readonly ShareLink[], run: SharedRun): Observable<PlayedEvent> {
  return new Observable<PlayedEvent>((subscriber) => new Coordinator(links, run, subscriber).begin());
}
