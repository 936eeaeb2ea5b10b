import { type SchedulerLike, Subscription } from 'rxjs';
import type { DataSink } from '../../core/data.js';
import type { Log } from '../../core/deps.js';
import { describeError } from '../../core/errorContext.js';
import type { Millis, PerSecond } from '../../core/units.js';
import { valueAtPercentile } from '../../measure/histogram.js';
import type { Window } from '../../measure/window.js';
import type { FromShare, ShareLink } from '../../shares/protocol.js';
import { USES_CREDIT } from '../../shares/remoteShare.js';
import { SinkHub } from '../../shares/sinkHub.js';
import type { SharedClock } from '../../time/sharedClock.js';
import type { Bus } from '../bus.js';
import { JournalReader } from '../journal/journalReader.js';
import { JournalWriter } from '../journal/journalWriter.js';
import { fromShareToJson, toShare } from '../shareMessages.js';
import type { RunSubjects } from '../subjects.js';

/** How long the shares of a worker that has lost its coordinator may finish their shots. */
const LAST_SHOTS_MS: Millis = 500;

/** How long they may write their results after the end of the lease. */
const FLUSH_MS: Millis = 5000;

/** Options of {@link WorkerRun}. */
export interface WorkerRunOptions {
  readonly bus: Bus;
  readonly run: string;
  readonly subjects: RunSubjects;
  readonly worker: string;
  /** The global indexes of its shares. */
  readonly shares: readonly number[];
  readonly scheduler: SchedulerLike;
  readonly log: Log;
  /** Starts the thread of a share. */
  readonly start: () => ShareLink;
  /** The real sink of a component and its options; all shares of the worker use one. */
  readonly createSink: (name: string, config: unknown) => DataSink;
  readonly clock: SharedClock;
  /** Called once, when all shares have ended and everything is stored. */
  readonly ended: () => void;
}

/** One share of a worker: its thread, and its two subjects of the journal. */
class PlayedShare {
  readonly link: ShareLink;
  readonly writer: JournalWriter;
  readonly reader: JournalReader;
  /** It has sent something since the last heartbeat. */
  alive = true;
  ended = false;
  /** Why its messages cannot be stored. */
  unstored: string | undefined;
  /** Its last window of each pool. */
  readonly windows = new Map<string, Window>();

  constructor(
    readonly index: number,
    { bus, run, subjects, scheduler, log, start }: WorkerRunOptions,
    lost: (reason: string) => void,
  ) {
    this.link = start();
    this.writer = new JournalWriter(bus, subjects.from(index), {
      id: `${run}:${index}`,
      scheduler,
      // The credit of a share is for messages that are stored: a slow coordinator does not slow it.
      stored: (messages) => {
        const credit = messages.filter((message) => USES_CREDIT.has((message as FromShare).type)).length;
        if (credit > 0) this.link.send({ type: 'received', messages: credit });
      },
      failed: ({ message }) => {
        this.unstored = message;
        lost(message);
      },
    });
    this.reader = new JournalReader(bus, subjects.to(index), {
      scheduler,
      deliver: (_subject, messages) => {
        for (const message of messages) {
          try {
            this.link.send(toShare(message));
          } catch (error) {
            log.warn(describeError(error), { run, share: index });
          }
        }
      },
      failed: (_subject, { message }) => lost(message),
    });
  }

  close(): void {
    this.ended = true;
    this.reader.close();
    this.link.close();
  }
}

/** The shares of a run that a worker plays, each in a thread of its own. */
export class WorkerRun {
  readonly #shares: PlayedShare[] = [];
  readonly #hub: SinkHub;
  readonly #work = new Subscription();
  #ended = false;
  /** Why it stops without its coordinator. */
  #stopping: string | undefined;

  constructor(private readonly options: WorkerRunOptions) {
    const { shares, scheduler, createSink } = options;
    this.#hub = new SinkHub(shares.length, createSink, scheduler);
    this.assign(shares);
  }

  /** Plays the shares of these numbers that it does not play yet. */
  assign(indexes: readonly number[]): void {
    const known = new Set(this.#shares.map(({ index }) => index));
    const added = indexes.filter((index) => !known.has(index));
    if (this.#ended) {
      for (const index of added) this.options.log.warn(`share ${index} came after the end`, { share: index });
      return;
    }
    for (const index of added) {
      const share: PlayedShare = new PlayedShare(index, this.options, (reason) => this.#lose(share, reason));
      this.#shares.push(share);
      this.#hub.grow(this.#shares.length);
    }
    for (const share of this.#shares) if (added.includes(share.index)) this.#play(share);
  }

  /** The shares that have sent something since the last call. */
  takeAlive(): readonly number[] {
    const alive = this.#shares.filter((share) => share.alive && !share.ended);
    for (const share of alive) share.alive = false;
    return alive.map(({ index }) => index);
  }

  /** The number of the last stored frame of each share. */
  get sent(): readonly [share: number, number: number][] {
    return this.#shares.map(({ index, writer }) => [index, writer.number]);
  }

  /** The shares whose messages cannot be stored, with the reasons. */
  get unstored(): readonly [share: number, reason: string][] {
    return this.#shares.flatMap(({ index, unstored }) =>
      unstored === undefined ? [] : [[index, unstored.slice(0, 2000)] as [number, string]],
    );
  }

  /** The ended operations per second and the largest lateness (p99) in the last windows of its shares; `null` without any. */
  get rates(): { readonly perSecond: PerSecond | null; readonly lateMs: Millis | null } {
    const windows = this.#shares.flatMap((share) => (share.ended ? [] : [...share.windows.values()]));
    if (windows.length === 0) return { perSecond: null, lateMs: null };
    const rateOf = ({ from, to, total }: Window): number => (to > from ? (total.ended * 1000) / (to - from) : 0);
    const late = windows.flatMap(({ lateness }) => (lateness.count > 0 ? [valueAtPercentile(lateness, 99)] : []));
    return {
      perSecond: windows.reduce((sum, window) => sum + rateOf(window), 0),
      lateMs: late.length === 0 ? null : Math.max(...late),
    };
  }

  /** Reads what the coordinator has sent, up to these numbers. */
  catchUp(sent: readonly (readonly [number, number])[]): void {
    for (const [index, number] of sent)
      this.#shares.find((share) => share.index === index)?.reader.catchUp(this.options.subjects.to(index), number);
  }

  /**
   * Ends all shares because the coordinator is gone: no shot starts any more, results are flushed, and the journal has the reason.
   *
   * @param reason A sentence without a subject, such as `has not heard the coordinator for 4 s`.
   */
  stop(reason: string, withinMs: Millis): void {
    this.#stopping = `worker ${this.options.worker} ${reason}, and has stopped`;
    for (const { link, ended } of this.#shares)
      if (!ended) link.send({ type: 'drain', limitMs: Math.min(LAST_SHOTS_MS, withinMs) });
    // The clock of the shares stands still at the end of the lease: what is left of the time is for their results.
    this.#work.add(this.options.scheduler.schedule(() => this.kill(reason), withinMs + FLUSH_MS));
  }

  /** Ends all threads at once. */
  kill(reason: string): void {
    for (const share of this.#shares) this.#lose(share, reason);
  }

  /** Ends the threads, and drops what is not stored. */
  close(): void {
    this.#work.unsubscribe();
    for (const share of this.#shares) {
      share.close();
      share.writer.close();
    }
    void this.#hub.close();
  }

  #play(share: PlayedShare): void {
    const local = this.#shares.indexOf(share);
    // Nothing was sent to the share before its worker was assigned, except what the journal has already.
    void share.reader.replay().catch((error: unknown) => this.#lose(share, describeError(error)));
    this.#work.add(
      share.link.messages.subscribe({
        next: (message) => this.#receive(share, local, message),
        error: (cause: unknown) => this.#lose(share, describeError(cause)),
        complete: () => this.#lose(share, 'its thread has ended'),
      }),
    );
  }

  #receive(share: PlayedShare, local: number, message: FromShare): void {
    share.alive = true;
    if (share.ended || message.type === 'alive') return;
    try {
      if (this.#hub.serve(local, message, (id, failure) => share.link.send({ type: 'sink-ack', id, failure }))) return;
    } catch (error) {
      this.#lose(share, describeError(error));
      return;
    }
    if (message.type === 'event' && message.event.type === 'window')
      share.windows.set(message.event.pool, message.event.window);
    const last = message.type === 'finished' || message.type === 'failed';
    // A share that has stopped without its coordinator has not played all of its operations.
    const early = last || (message.type === 'event' && message.event.type === 'pool-finished');
    if (this.#stopping !== undefined && early) {
      if (last) this.#lose(share, this.#stopping);
      return;
    }
    share.writer.send(fromShareToJson(message));
    if (last) this.#end(share);
  }

  #lose(share: PlayedShare, reason: string): void {
    if (share.ended) return;
    share.writer.send({ type: 'lost', reason });
    this.#end(share);
  }

  #end(share: PlayedShare): void {
    share.close();
    if (this.#ended || this.#shares.some(({ ended }) => !ended)) return;
    this.#ended = true;
    void this.#conclude();
  }

  async #conclude(): Promise<void> {
    const { log, run } = this.options;
    for (const { message } of await this.#hub.close()) log.error(message, { run });
    await Promise.all(this.#shares.map(({ writer }) => writer.flushed()));
    this.#work.unsubscribe();
    this.options.ended();
  }
}
