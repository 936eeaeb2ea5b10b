import { defined } from '../core/defined.js';
import type { Log, Share } from '../core/deps.js';
import { describeError } from '../core/errorContext.js';
import { ElpisError } from '../core/errors.js';
import type { EpochMs, Millis } from '../core/units.js';
import {
  type FromShare,
  PROTOCOL_VERSION,
  type ShareCounters,
  type ShareLink,
  type ShareTask,
  type SinkFailure,
} from './protocol.js';
import { playerText, type WorkerNames } from './workerTable.js';

/** The phase of a share; see docs/SHARES.md. */
type Phase = 'joining' | 'preparing' | 'ready' | 'running' | 'ended';

const PHASE_TEXT: Readonly<Record<Phase, string>> = {
  joining: 'before it had joined',
  preparing: 'while it was preparing',
  ready: 'while it waited for the start',
  running: 'while it was running',
  ended: 'after its end',
};

/** A share that has sent nothing for this long is reported. */
const REPORTED_AFTER_S = 10;

/** Messages that need credit. */
export const USES_CREDIT: ReadonlySet<FromShare['type']> = new Set(['event', 'condition', 'log', 'ready']);

/** A label and the names in quotes; empty for no names. */
function listed(what: string, names: Iterable<string>): string {
  const quoted = [...names].map((name) => `"${name}"`);
  return quoted.length === 0 ? '' : `; ${what}: ${quoted.join(', ')}`;
}

/** Options of a {@link RemoteShare}. */
interface RemoteShareOptions extends Pick<WorkerNames, 'noun' | 'workerOf'> {
  /** The ids of the pools of the run. */
  readonly pools: readonly string[];
  /** Its credit in messages. */
  readonly credit: number;
}

/** The coordinator's record of a share: its phase, its missing messages, and the errors about them. */
export class RemoteShare {
  phase: Phase = 'joining';
  /** Pools without `pool-finished`. */
  readonly unfinished: Set<string>;
  /** Pools that have not warmed up. */
  #cold: readonly string[];
  /** Messages that use credit, since the last `received`. */
  #received = 0;
  /** Seconds since its last message, counted by the coordinator's timer. */
  #silentSeconds = 0;
  /** It has ended without its last message. */
  isLost = false;
  /** The processors that its thread or process used, as it reported last. */
  cpu: number | undefined;

  /** The share of the operations. */
  readonly share: Share;
  /** Its number among all shares of the run: that of its place in results. */
  readonly id: number;
  /** The operations from this time on are its own, when it has taken over those of a lost share. */
  readonly from: EpochMs | undefined;

  constructor(
    readonly link: ShareLink,
    { share, id, from }: { readonly share: Share; readonly id: number; readonly from?: EpochMs },
    private readonly options: RemoteShareOptions,
  ) {
    this.share = share;
    this.id = id;
    this.from = from;
    this.unfinished = new Set(options.pools);
    this.#cold = options.pools;
  }

  sendTask(task: Omit<ShareTask, 'share' | 'from'>): void {
    const { share, from } = this;
    this.link.send({ type: 'task', version: PROTOCOL_VERSION, task: { ...task, share, ...defined({ from }) } });
  }

  /**
   * Called once a second while it runs. Logs a warning about a share that sends no messages.
   *
   * @returns An error when it has sent none for `limitMs`: it is given up.
   */
  countSilence(limitMs: Millis, log: Pick<Log, 'warn'>): ElpisError | undefined {
    const seconds = ++this.#silentSeconds;
    if (seconds * 1000 >= limitMs) return this.#silent(seconds);
    if (seconds === REPORTED_AFTER_S)
      log.warn(`${this.#name} has sent nothing for ${seconds} s ${PHASE_TEXT[this.phase]}: its event loop is blocked`, {
        thread: this.id,
      });
    return undefined;
  }

  /** Updates the phase from a message, and returns credit in halves, so that one `received` covers many messages. */
  receive(message: FromShare): void {
    this.#silentSeconds = 0;
    if (message.type === 'alive' && message.cpu !== undefined) this.cpu = message.cpu;
    if (message.type === 'joined') this.phase = 'preparing';
    if (message.type === 'event' && message.event.type === 'pool-finished') this.unfinished.delete(message.event.pool);
    if (message.type === 'ready') {
      this.#cold = message.missing;
      if (this.#cold.length === 0) this.phase = 'ready';
    }
    if (!USES_CREDIT.has(message.type)) return;
    this.#received++;
    if (this.#received < this.options.credit / 2) return;
    this.link.send({ type: 'received', messages: this.#received });
    this.#received = 0;
  }

  readonly acknowledge = (id: number, failure: SinkFailure | undefined): void =>
    this.link.send({ type: 'sink-ack', id, failure });

  /** True when it runs, and has sent nothing for 10 s. */
  get isSilent(): boolean {
    return this.phase === 'running' && this.#silentSeconds >= REPORTED_AFTER_S;
  }

  /** Closes the link, once. */
  end(): void {
    if (this.phase === 'ended') return;
    this.phase = 'ended';
    this.link.close();
  }

  setCounters(counters: ShareCounters, log: Log): void {
    const { logsDropped } = counters;
    if (logsDropped > 0) log.warn(`${this.#name} dropped ${logsDropped} lines of its log: too many at once`);
    log.debug(`${this.#name} ended`, { ...counters });
  }

  late(withinMs: Millis): ElpisError {
    const reason =
      this.phase === 'joining' ? 'it has not joined' : `it has not warmed up${listed('pools', this.#cold)}`;
    return this.#error(`is not ready after ${withinMs / 1000} s: ${reason}`);
  }

  /** @param cause The error of its link; undefined when the share closed it. */
  lost(cause?: unknown): ElpisError {
    const { phase } = this;
    const missing = phase === 'running' ? listed('not finished', this.unfinished) : listed('not ready', this.#cold);
    const how = cause === undefined ? 'closed its link' : 'ended';
    const why = cause === undefined ? '' : `: ${describeError(cause)}`;
    return this.#error(`${how} ${PHASE_TEXT[phase]}, without its last message${missing}${why}`, cause);
  }

  #silent(seconds: number): ElpisError {
    return this.#error(
      `has sent nothing for ${seconds} s ${PHASE_TEXT[this.phase]}, and is given up${listed('not finished', this.unfinished)}`,
      undefined,
      'look for an endless loop in your operators, guns, extractors and regular expressions',
    );
  }

  finishedTooEarly(): ElpisError {
    return this.#error(`finished without all of its pools${listed('missing', this.unfinished)}`);
  }

  otherVersion(version: number): ElpisError {
    return this.#error(`has version ${version} of the protocol, not ${PROTOCOL_VERSION}`);
  }

  get #name(): string {
    const { noun = 'share', workerOf } = this.options;
    const name = `${noun} ${this.share.index} of ${this.share.of}`;
    const player = playerText(workerOf?.(this.id));
    return player === undefined ? name : `${name} (${player})`;
  }

  #error(what: string, cause?: unknown, hint?: string): ElpisError {
    return new ElpisError('ELPIS_SHARE', `${this.#name} ${what}`, { cause, ...defined({ hint }) });
  }
}
