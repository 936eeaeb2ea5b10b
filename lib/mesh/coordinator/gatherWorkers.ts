import { interval, Observable, type SchedulerLike, startWith } from 'rxjs';
import type { Log } from '../../core/deps.js';
import { ElpisError } from '../../core/errors.js';
import type { Millis } from '../../core/units.js';
import { PROTOCOL_VERSION } from '../../shares/protocol.js';
import type { Bus } from '../bus.js';
import { ANSWER, type Answer, type Invitation, OFFER, type Offer, packed, unpacked } from '../groupMessages.js';
import { subjectsOf } from '../subjects.js';

/** A worker that is ready to play shares. */
export interface ReadyWorker {
  readonly worker: string;
  readonly host: string;
  readonly offsetMs: Millis;
  readonly uncertaintyMs: Millis;
}

/** Options of {@link gatherWorkers}. */
export interface GatherOptions {
  readonly bus: Bus;
  readonly group: string;
  readonly invitation: Invitation;
  readonly version: string;
  /** The number of workers. */
  readonly workers: number;
  /** The run starts with so many when the others are not ready in time. */
  readonly minWorkers: number;
  readonly deadlineMs: Millis;
  readonly scheduler: SchedulerLike;
  readonly log: Pick<Log, 'info' | 'warn'>;
}

/** Calls and invitations are repeated, because a message to a worker may be lost. */
const CALL_EVERY_MS: Millis = 500;
const INVITE_EVERY_MS: Millis = 2000;

/** More workers than this of a group are not noticed: whoever may publish to the group can invent them. */
const MAX_CANDIDATES = 10_000;
/** So many missing workers are named. */
const MAX_NAMED = 20;

/** A worker of the group, as far as known. */
interface Candidate {
  readonly offer: Offer;
  state: 'free' | 'invited' | 'prepared' | 'out';
  /** Why it is not ready. */
  reason: string;
  invitedMs: Millis;
  answer: Answer | undefined;
}

class Gathering {
  readonly #candidates = new Map<string, Candidate>();
  readonly #options: GatherOptions;
  #elapsedMs = -CALL_EVERY_MS;
  /** How many are invited or prepared. */
  #taken = 0;

  constructor(
    options: GatherOptions,
    private readonly done: (workers: readonly ReadyWorker[]) => void,
    private readonly failed: (error: ElpisError) => void,
  ) {
    this.#options = options;
  }

  /** Called at once, and then at each interval. */
  tick(): void {
    const { bus, group, version, deadlineMs } = this.#options;
    this.#elapsedMs += CALL_EVERY_MS;
    if (this.#elapsedMs >= deadlineMs) {
      this.#conclude();
      return;
    }
    bus.publish(subjectsOf(group).call, packed({ type: 'call', version, protocol: PROTOCOL_VERSION }));
    for (const candidate of this.#in('invited'))
      if (this.#elapsedMs - candidate.invitedMs >= INVITE_EVERY_MS) this.#invite(candidate);
  }

  offered(offer: Offer): void {
    const { version, invitation } = this.#options;
    const known = this.#candidates.get(offer.worker);
    if (known !== undefined && known.state !== 'free' && known.reason !== BUSY) return;
    if (known === undefined && this.#candidates.size >= MAX_CANDIDATES) return;
    const same = offer.version === version && offer.protocol === PROTOCOL_VERSION;
    const busy = offer.run !== '' && offer.run !== invitation.run;
    const reason = same
      ? busy
        ? BUSY
        : ''
      : `has Elpis ${offer.version} (protocol ${offer.protocol}), the coordinator has ${version} (protocol ${PROTOCOL_VERSION})`;
    this.#candidates.set(offer.worker, {
      ...{ offer, reason, invitedMs: 0, answer: undefined },
      state: reason === '' ? 'free' : 'out',
    });
    if (reason === '') this.#inviteMore();
  }

  answered(answer: Answer): void {
    const candidate = this.#candidates.get(answer.worker);
    if (candidate?.state !== 'invited') return;
    candidate.answer = answer;
    candidate.state = answer.prepared ? 'prepared' : 'out';
    if (!answer.prepared) this.#taken--;
    candidate.reason = answer.reason;
    const { log, workers } = this.#options;
    if (answer.prepared) {
      const clock = `clock ${answer.offsetMs.toFixed(2)} ms ± ${answer.uncertaintyMs.toFixed(2)} ms`;
      log.info(`worker ${answer.worker} on ${candidate.offer.host} is ready, ${clock}`, { worker: answer.worker });
      if (answer.reason !== '') log.warn(`worker ${answer.worker} on ${candidate.offer.host}: ${answer.reason}`);
    } else log.warn(`worker ${answer.worker} on ${candidate.offer.host} is not ready: ${answer.reason}`);
    if (this.#in('prepared').length >= workers) this.#conclude();
    else this.#inviteMore();
  }

  #in(state: Candidate['state']): readonly Candidate[] {
    return [...this.#candidates.values()].filter((candidate) => candidate.state === state);
  }

  #inviteMore(): void {
    const missing = this.#options.workers - this.#taken;
    if (missing > 0) for (const candidate of this.#in('free').slice(0, missing)) this.#invite(candidate);
  }

  #invite(candidate: Candidate): void {
    const { bus, group, invitation } = this.#options;
    if (candidate.state === 'free') this.#taken++;
    candidate.state = 'invited';
    candidate.invitedMs = this.#elapsedMs;
    bus.publish(subjectsOf(group).of(invitation.run).invite(candidate.offer.worker), packed(invitation));
  }

  #conclude(): void {
    const { workers, minWorkers, deadlineMs, log } = this.#options;
    const ready = this.#in('prepared').flatMap(({ offer: { host }, answer }): readonly ReadyWorker[] =>
      answer === undefined ? [] : [{ ...answer, host }],
    );
    const text = this.#missing(workers - ready.length);
    if (ready.length < minWorkers) {
      const what = `${ready.length} of ${workers} workers are ready after ${deadlineMs / 1000} s`;
      const needed = minWorkers < workers ? `, and at least ${minWorkers} are needed` : '';
      this.failed(
        new ElpisError('ELPIS_MESH', `${what}${needed}: ${text}`, {
          hint: `start workers with elpis worker --group ${this.#options.group}, or lower workers or min-workers`,
        }),
      );
      return;
    }
    if (ready.length < workers) log.warn(`the run starts with ${ready.length} of ${workers} workers: ${text}`);
    this.done(ready.slice(0, workers));
  }

  /** The reason of each worker that is missing. */
  #missing(count: number): string {
    const others = [...this.#candidates.values()].filter(({ state }) => state !== 'prepared');
    const named = others.slice(0, MAX_NAMED).map(({ offer: { worker, host, run }, state, reason }) => {
      const why = reason === BUSY ? `plays the run ${run}` : reason;
      return `${worker} on ${host} ${state === 'invited' ? 'was invited and has not answered' : why === '' ? 'was not invited' : `is not ready: ${why}`}`;
    });
    const unknown = count - others.length;
    return [
      ...named,
      ...(others.length > named.length ? [`and ${others.length - named.length} more are not ready`] : []),
      ...(unknown > 0 ? [`${unknown} more ${unknown === 1 ? 'worker has' : 'workers have'} not reported`] : []),
    ].join('; ');
  }
}

const BUSY = 'busy';

/**
 * The barrier of a run: calls the workers of a group, invites free ones of the same version, and waits until enough have prepared
 * the run.
 *
 * Emits the ready workers once, and completes. Errors with `ELPIS_MESH` at the deadline, with the reason of each worker that is
 * missing, when fewer than `minWorkers` are ready. Another free worker is invited in place of one that refuses.
 */
export function gatherWorkers(options: GatherOptions): Observable<readonly ReadyWorker[]> {
  return new Observable((subscriber) => {
    const { bus, group, invitation, scheduler } = options;
    const gathering = new Gathering(
      options,
      (workers) => {
        subscriber.next(workers);
        subscriber.complete();
      },
      (error) => subscriber.error(error),
    );
    const subjects = subjectsOf(group);
    subscriber.add(
      bus.subscribe(subjects.offers).subscribe(({ data }) => {
        const offer = unpacked(data, OFFER);
        if (offer !== undefined) gathering.offered(offer);
      }),
    );
    subscriber.add(
      bus.subscribe(subjects.of(invitation.run).answers).subscribe(({ data }) => {
        const answer = unpacked(data, ANSWER);
        if (answer !== undefined) gathering.answered(answer);
      }),
    );
    subscriber.add(
      interval(CALL_EVERY_MS, scheduler)
        .pipe(startWith(0))
        .subscribe(() => gathering.tick()),
    );
  });
}
