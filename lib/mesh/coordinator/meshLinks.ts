import { interval, type SchedulerLike, Subject, Subscription, startWith } from 'rxjs';
import type { Log } from '../../core/deps.js';
import { describeError, withContext } from '../../core/errorContext.js';
import { ElpisError } from '../../core/errors.js';
import type { EpochMs, Millis } from '../../core/units.js';
import type { FromShare, ShareLink, ToShare } from '../../shares/protocol.js';
import type { WorkerName, WorkerReading } from '../../shares/workerTable.js';
import type { Bus, Repeater } from '../bus.js';
import { type Assignment, HEARTBEAT, type Heartbeat, type Lease, unpacked } from '../groupMessages.js';
import { JournalReader } from '../journal/journalReader.js';
import { JournalWriter } from '../journal/journalWriter.js';
import { fromShare } from '../shareMessages.js';
import { type RunSubjects, shareOfSubject } from '../subjects.js';

/** What the coordinator before this one has sent to a share. */
export interface SentBefore {
  readonly number: number;
  readonly position: number;
  readonly messages: readonly ToShare[];
}

/** Options of {@link MeshLinks}. */
export interface MeshLinksOptions {
  readonly bus: Bus;
  readonly run: string;
  readonly subjects: RunSubjects;
  readonly assignments: readonly Assignment[];
  readonly leaseMs: Millis;
  readonly scheduler: SchedulerLike;
  /** By share, for a run that is resumed. Default: nothing was sent. */
  readonly sentBefore?: ReadonlyMap<number, SentBefore>;
  /** Sends the lease. */
  readonly repeater: Repeater;
  readonly log: Pick<Log, 'warn'>;
}

/** The lease is renewed so often. */
export const RENEW_EVERY_MS: Millis = 500;

/** A worker whose heartbeats are missing for this part of the lease is shown as silent. */
const SILENT_AFTER = 0.4;

/** A clock that differs from the last measurement by more than its uncertainty and this has jumped. */
const JUMP_MS: Millis = 50;

/** A share at the other end of the journal. */
class MeshShare {
  readonly messages = new Subject<FromShare>();
  readonly writer: JournalWriter;
  closed = false;

  constructor(
    readonly index: number,
    { bus, run, subjects, scheduler, sentBefore }: MeshLinksOptions,
  ) {
    const after = sentBefore?.get(index) ?? { number: 0, position: 0 };
    this.writer = new JournalWriter(bus, subjects.to(index), {
      ...{ id: `${run}:to:${index}`, scheduler, after },
      failed: (error) => this.fail(error),
    });
  }

  close(): void {
    this.closed = true;
    this.messages.complete();
  }

  fail(error: ElpisError): void {
    if (this.closed) return;
    this.closed = true;
    this.messages.error(error);
  }
}

/**
 * The coordinator's ends of the shares of a run on several machines, and its lease: as long as the coordinator sends it, the workers
 * that it names play.
 *
 * A worker whose heartbeats have not arrived for the time of the lease is given up: the links of its shares break, and the
 * lease does not name it any more.
 */
export class MeshLinks {
  readonly #shares: Map<number, MeshShare>;
  #assignments: readonly Assignment[];
  readonly #options: MeshLinksOptions;
  readonly #work = new Subscription();
  readonly #reader: JournalReader;
  /** How often the lease was renewed without a heartbeat, by worker. */
  readonly #silence = new Map<string, number>();
  readonly #heartbeats = new Map<string, Heartbeat>();
  readonly #startedAt: EpochMs | undefined;
  #ended = false;

  constructor(options: MeshLinksOptions) {
    this.#options = options;
    const { assignments, bus, subjects, scheduler, sentBefore } = options;
    this.#assignments = assignments;
    const indexes = assignments.flatMap(({ shares }) => shares).sort((a, b) => a - b);
    this.#shares = new Map(indexes.map((index) => [index, new MeshShare(index, options)]));
    this.#startedAt = [...(sentBefore?.values() ?? [])]
      .flatMap(({ messages }) => messages)
      .flatMap((message) => (message.type === 'start' ? [message.at] : []))[0];
    for (const { worker } of assignments) this.#silence.set(worker, 0);
    this.#reader = new JournalReader(bus, subjects.from('*'), {
      scheduler,
      // Whoever may publish to the group can invent subjects.
      expects: (subject) => this.#shares.has(shareOfSubject(subject)),
      deliver: (subject, messages) => this.#deliver(shareOfSubject(subject), messages),
      failed: (subject, error) => this.#shares.get(shareOfSubject(subject))?.fail(error),
    });
  }

  /** The links of all shares, in their order. */
  get links(): readonly ShareLink[] {
    return [...this.#shares.values()].map((share) => this.#linkOf(share));
  }

  /** Starts a further share on the worker with the fewest shares, and returns its link; `undefined` when no worker is left. */
  add(): ShareLink | undefined {
    const present = this.#assignments.filter(({ worker }) => this.#silence.has(worker));
    const open = ({ shares }: Assignment): number =>
      shares.filter((index) => this.#shares.get(index)?.closed === false).length;
    const [least] = present.filter((each) => open(each) > 0).sort((a, b) => open(a) - open(b));
    if (least === undefined) return undefined;
    const index = Math.max(...this.#shares.keys()) + 1;
    const share = new MeshShare(index, this.#options);
    this.#shares.set(index, share);
    this.#assignments = this.#assignments.map((each) =>
      each === least ? { ...each, shares: [...each.shares, index] } : each,
    );
    this.#publish();
    return this.#linkOf(share);
  }

  /** Breaks the links of all shares. */
  fail(error: ElpisError): void {
    for (const share of this.#shares.values()) share.fail(error);
  }

  /** Who plays a share. */
  workerOf(index: number): WorkerName | undefined {
    return this.#assignments.find(({ shares }) => shares.includes(index));
  }

  /** What a worker has reported last. */
  readingOf(worker: string): WorkerReading | undefined {
    const last = this.#heartbeats.get(worker);
    if (last === undefined) return undefined;
    const missing = (this.#silence.get(worker) ?? 0) * RENEW_EVERY_MS;
    return {
      ...{ cpu: last.cpu, clockOffsetMs: last.offsetMs, clockUncertaintyMs: last.uncertaintyMs },
      silent: missing >= SILENT_AFTER * this.#options.leaseMs,
    };
  }

  #linkOf(share: MeshShare): ShareLink {
    return {
      send: (message) => this.#send(share, message),
      messages: share.messages,
      close: () => share.close(),
    };
  }

  /** Begins to renew the lease and to deliver messages, first those that are stored. To be called when the links are subscribed to. */
  begin(): void {
    const { bus, subjects, scheduler } = this.#options;
    this.#work.add(
      bus.subscribe(subjects.heartbeats).subscribe(({ data }) => {
        const heartbeat = unpacked(data, HEARTBEAT);
        if (heartbeat !== undefined) this.#heard(heartbeat);
      }),
    );
    this.#work.add(
      interval(RENEW_EVERY_MS, scheduler)
        .pipe(startWith(0))
        .subscribe(() => this.#renew()),
    );
    this.#reader.replay().catch((error: unknown) => {
      this.fail(withContext(error, {}, { code: 'ELPIS_MESH', what: 'the journal cannot be read' }));
    });
  }

  /** Ends the work for the shares. Resolves when what was sent to them is stored, or cannot be. */
  async end(): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    await Promise.race([
      Promise.all([...this.#shares.values()].map(({ writer }) => writer.flushed())),
      this.#patience(),
    ]);
    this.#work.unsubscribe();
    this.#reader.close();
    for (const { writer } of this.#shares.values()) writer.close();
  }

  /** Without NATS nothing is flushed. */
  #patience(): Promise<void> {
    return new Promise((resolve) => {
      this.#work.add(this.#options.scheduler.schedule(() => resolve(), this.#options.leaseMs));
    });
  }

  #deliver(index: number, messages: readonly unknown[]): void {
    const share = this.#shares.get(index);
    if (share === undefined || share.closed) return;
    const worker = this.#workerOf(index);
    for (const raw of messages) {
      try {
        const message = fromShare(raw, `worker ${worker}`);
        if (message.type === 'lost') share.fail(new ElpisError('ELPIS_MESH', message.reason));
        else share.messages.next(message);
      } catch (error) {
        share.fail(new ElpisError('ELPIS_MESH', describeError(error), { cause: error }));
      }
    }
  }

  #send(share: MeshShare, message: ToShare): void {
    // Credit and sinks are matters of the worker.
    if (message.type === 'received' || message.type === 'sink-ack') return;
    const before = this.#options.sentBefore?.get(share.index)?.messages ?? [];
    const once = message.type === 'task' || message.type === 'start';
    if (once && before.some(({ type }) => type === message.type)) return;
    const at = this.#startedAt;
    share.writer.send(message.type === 'start' && at !== undefined ? { ...message, at } : message);
  }

  #heard(heartbeat: Heartbeat): void {
    const { worker, sent, alive, lost } = heartbeat;
    if (!this.#silence.has(worker)) return;
    this.#silence.set(worker, 0);
    this.#warnOfJump(heartbeat);
    this.#heartbeats.set(worker, heartbeat);
    const own = new Set(this.#sharesOf(worker));
    for (const index of alive) if (own.has(index)) this.#deliver(index, [{ type: 'alive' }]);
    for (const [index, number] of sent)
      if (own.has(index)) this.#reader.catchUp(this.#options.subjects.from(index), number);
    for (const [index, reason] of lost)
      if (own.has(index)) this.#shares.get(index)?.fail(new ElpisError('ELPIS_MESH', reason));
  }

  /** The clock of a worker follows slowly, so a jump is an error of its moments, as after a pause of its virtual machine. */
  #warnOfJump({ worker, offsetMs, uncertaintyMs }: Heartbeat): void {
    const last = this.#heartbeats.get(worker);
    if (last === undefined) return;
    const apart = offsetMs - last.offsetMs;
    if (Math.abs(apart) <= JUMP_MS + uncertaintyMs + last.uncertaintyMs) return;
    const jump = `the clock of worker ${worker} has jumped by ${(-apart).toFixed(0)} ms`;
    const shots = `its shots are ${Math.abs(apart).toFixed(0)} ms ${apart > 0 ? 'late' : 'early'} from then on`;
    this.#options.log.warn(`${jump}: ${shots}`, { worker });
  }

  /**
   * Sends the lease. Silence is counted by these calls, so that a time in which the process of the coordinator was stopped counts
   * once.
   */
  #renew(): void {
    const { leaseMs } = this.#options;
    for (const [worker, count] of this.#silence) {
      this.#silence.set(worker, count + 1);
      if (count * RENEW_EVERY_MS < leaseMs) continue;
      this.#silence.delete(worker);
      for (const index of this.#sharesOf(worker))
        this.#shares
          .get(index)
          ?.fail(new ElpisError('ELPIS_MESH', `worker ${worker} has sent no heartbeat for ${leaseMs / 1000} s`));
    }
    this.#publish();
  }

  /** Sends each worker its part, and then the lease to all. Each is short, so that many workers do not get the parts of all others. */
  #publish(): void {
    const { subjects, repeater } = this.#options;
    const lease = (phase: Lease['phase'], shares: readonly number[] = []): Omit<Lease, 'at'> => ({
      ...{ type: 'lease', phase, shares },
      sent: shares.map((index) => [index, this.#shares.get(index)?.writer.number ?? 0]),
    });
    repeater.set([
      ...this.#assignments.map(({ worker, shares }) => ({
        subject: subjects.leaseOf(worker),
        message: this.#silence.has(worker) ? lease('running', shares) : lease('given-up'),
      })),
      { subject: subjects.lease, message: lease('running') },
    ]);
  }

  #sharesOf(worker: string): readonly number[] {
    return this.#assignments.find((each) => each.worker === worker)?.shares ?? [];
  }

  #workerOf(index: number): string {
    return this.#assignments.find(({ shares }) => shares.includes(index))?.worker ?? String(index);
  }
}
