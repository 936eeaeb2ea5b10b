import { type SchedulerLike, Subscription } from 'rxjs';
import { describeError } from '../../core/errorContext.js';
import { ElpisError, isElpisError } from '../../core/errors.js';
import type { Millis } from '../../core/units.js';
import type { Bus, BusMessage } from '../bus.js';
import { type Frame, MAX_MESSAGES_BYTES, unpackBodies, unpackFrame } from './frame.js';

/** The wait after a read that failed, or that has not found a frame which is known to exist. */
const RETRY_MS: Millis = 50;

/** What was read of one subject. */
interface Progress {
  /** The number of the next frame. */
  expected: number;
  /** The largest known position of a frame before that. */
  position: number;
  /** The frames of an unfinished list. */
  parts: Uint8Array[];
  /** The largest number of a frame that exists, as far as known. */
  known: number;
  /** `live`: frames are taken as they arrive. `reading`: they are read from the journal. `failed`: none is taken any more. */
  phase: 'live' | 'reading' | 'failed';
}

/** Options of a {@link JournalReader}. */
export interface JournalReaderOptions {
  readonly scheduler: SchedulerLike;
  /** The subjects that are read; all else that matches the filter is dropped. Default: all. */
  readonly expects?: (subject: string) => boolean;
  /** Called with the messages of a subject, in order, each once. */
  readonly deliver: (subject: string, messages: readonly unknown[]) => void;
  /** Called when a subject cannot be read on. */
  readonly failed: (subject: string, error: ElpisError) => void;
}

/**
 * Reads the messages of subjects of the journal, each once and in order: as they arrive, and from the journal those that did
 * not arrive.
 *
 * - `replay` first reads what is stored, in the order in which it was stored.
 * - A frame that did not arrive is noticed by the number of the next one, or by `catchUp` with the number of the last one.
 * - Frames that the journal has lost fail the subject, with their numbers.
 */
export class JournalReader {
  readonly #subjects = new Map<string, Progress>();
  readonly #work = new Subscription();
  /** Arrived frames wait for the end of the replay. */
  #replaying = true;

  constructor(
    private readonly bus: Bus,
    private readonly filter: string,
    private readonly options: JournalReaderOptions,
  ) {
    this.#work.add(bus.subscribe(filter).subscribe((message) => this.#arrived(message)));
    this.#work.add(
      bus.reconnected.subscribe(() => {
        for (const subject of this.#subjects.keys()) void this.#read(subject);
      }),
    );
  }

  /** The number of the last frame of a subject that was read, and its position. */
  readUpTo(subject: string): { readonly number: number; readonly position: number } {
    const { expected, position } = this.#progressOf(subject);
    return { number: expected - 1, position };
  }

  /** Reads what is stored. To be called once, before anything is delivered. Rejects when the journal cannot be read. */
  async replay(): Promise<void> {
    let position = 0;
    while (!this.#work.closed) {
      const stored = await this.bus.next(this.filter, position);
      if (stored === undefined) break;
      position = stored.position;
      if (this.#isExpected(stored.subject)) this.#take(stored, position);
    }
    this.live();
  }

  /** Delivers from now on. Called instead of `replay` when nothing is stored yet, or nothing of it is needed. */
  live(): void {
    this.#replaying = false;
    for (const [subject, { known, expected }] of this.#subjects) if (known >= expected) void this.#read(subject);
  }

  /** Reads the frames of a subject up to this number, when they have not arrived. */
  catchUp(subject: string, number: number): void {
    const progress = this.#progressOf(subject);
    progress.known = Math.max(progress.known, number);
    if (!this.#replaying && progress.known >= progress.expected) void this.#read(subject);
  }

  close(): void {
    this.#work.unsubscribe();
  }

  #progressOf(subject: string): Progress {
    const known = this.#subjects.get(subject);
    if (known !== undefined) return known;
    const fresh: Progress = { expected: 1, position: 0, parts: [], known: 0, phase: 'live' };
    this.#subjects.set(subject, fresh);
    return fresh;
  }

  #isExpected(subject: string): boolean {
    return this.options.expects?.(subject) ?? true;
  }

  #arrived(message: BusMessage): void {
    const { subject } = message;
    if (!this.#isExpected(subject)) return;
    const progress = this.#progressOf(subject);
    try {
      const frame = unpackFrame(message.data);
      progress.known = Math.max(progress.known, frame.number);
      if (this.#replaying || progress.phase !== 'live') return;
      if (frame.number === progress.expected) this.#accept(subject, progress, frame, frame.previous);
      else if (frame.number > progress.expected) void this.#read(subject);
    } catch (error) {
      this.#fail(subject, error);
    }
  }

  /** A frame from the journal. Returns false when the subject has failed. */
  #take({ subject, data }: BusMessage, position: number): boolean {
    const progress = this.#progressOf(subject);
    try {
      const frame = unpackFrame(data);
      if (frame.number > progress.expected)
        throw new ElpisError(
          'ELPIS_MESH',
          `the journal has lost the messages ${progress.expected} to ${frame.number - 1} of ${subject}`,
          { hint: 'the stream of the group is too small, or its messages are kept for too short a time' },
        );
      if (frame.number === progress.expected) this.#accept(subject, progress, frame, position);
      else progress.position = Math.max(progress.position, position);
      return true;
    } catch (error) {
      this.#fail(subject, error);
      return false;
    }
  }

  #accept(subject: string, progress: Progress, frame: Frame, position: number): void {
    progress.expected++;
    progress.position = Math.max(progress.position, position);
    progress.parts.push(frame.body);
    const size = progress.parts.reduce((sum, { length }) => sum + length, 0);
    if (size > MAX_MESSAGES_BYTES)
      throw new ElpisError('ELPIS_MESH', `more than ${MAX_MESSAGES_BYTES / 2 ** 20} MiB in one message of ${subject}`);
    if (frame.more) return;
    const messages: unknown = JSON.parse(unpackBodies(progress.parts.splice(0)));
    if (!Array.isArray(messages)) throw new ElpisError('ELPIS_MESH', `a message of ${subject} is not a list`);
    this.options.deliver(subject, messages);
  }

  /** Reads a subject from the journal until everything known has been read. */
  async #read(subject: string): Promise<void> {
    const progress = this.#progressOf(subject);
    if (progress.phase !== 'live') return;
    progress.phase = 'reading';
    while (!this.#work.closed) {
      try {
        const stored = await this.bus.next(subject, progress.position);
        if (stored !== undefined) {
          if (!this.#take(stored, stored.position)) return;
          continue;
        }
        // A frame arrives shortly before it is stored.
        if (progress.known < progress.expected) break;
      } catch {
        // NATS is restarted, or cannot be reached.
      }
      await this.#wait();
    }
    progress.phase = 'live';
  }

  #wait(): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.options.scheduler.schedule(() => resolve(), RETRY_MS);
      timer.add(() => resolve());
      this.#work.add(timer);
    });
  }

  #fail(subject: string, error: unknown): void {
    this.#progressOf(subject).phase = 'failed';
    this.options.failed(
      subject,
      isElpisError(error)
        ? error
        : new ElpisError('ELPIS_MESH', `a message of ${subject} cannot be read: ${describeError(error)}`, {
            cause: error,
          }),
    );
  }
}
