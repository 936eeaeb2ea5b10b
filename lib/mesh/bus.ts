import type { Observable } from 'rxjs';
import type { ElpisError } from '../core/errors.js';
import type { Bytes, Millis } from '../core/units.js';

/** A message with its subject. */
export interface BusMessage {
  readonly subject: string;
  readonly data: Uint8Array;
}

/** A message of the journal with its position, which grows with every message of the journal. */
export interface StoredMessage extends BusMessage {
  readonly position: number;
}

/** Files by name, from which every worker of a group can read. */
export interface FileStore {
  has(name: string): Promise<boolean>;
  /** Rejects when the file cannot be stored. */
  put(name: string, bytes: AsyncIterable<Uint8Array>): Promise<void>;
  /** `undefined` when there is no such file. */
  get(name: string): Promise<AsyncIterable<Uint8Array> | undefined>;
}

/** A message that is sent again and again. */
export interface RepeatedMessage {
  readonly subject: string;
  /** It is sent as JSON, with `at`, the time at which it is sent. */
  readonly message: object;
}

/** Sends messages again and again, from a thread of its own where the bus has one, so that a busy main thread does not delay them. */
export interface Repeater {
  /** Replaces the messages. They are sent now and at each interval. */
  set(messages: readonly RepeatedMessage[]): void;
  close(): void;
}

/** When a {@link Repeater} sends. */
export interface RepeatOptions {
  readonly everyMs: Millis;
  /** Without a `set` for this long it sends nothing any more: its owner hangs. */
  readonly patienceMs: Millis;
}

/**
 * The connection of a coordinator or a worker to the others of its group: NATS with JetStream, or memory in specs.
 *
 * Subjects are words with dots between them. In a subject to read from, `*` is any one word.
 */
export interface Bus {
  /** The largest message. */
  readonly maxBytes: Bytes;
  /** Sends a message to all current subscribers, at most once. It is lost while there is no connection. */
  publish(subject: string, data: Uint8Array): void;
  /** Begins to repeat messages. Nothing is sent before the first `set`. */
  repeat(options: RepeatOptions): Repeater;
  /** The messages of a subject from now on, those of `append` too. Completes when the bus is closed. */
  subscribe(subject: string): Observable<BusMessage>;
  /**
   * Stores a message in the journal, once for each id, and sends it to all current subscribers.
   *
   * @returns Its position. Rejects when it may not be stored; it may then be appended again. An `ElpisError` is a refusal, such as that
   * of a full storage; any other error is one of the connection.
   */
  append(subject: string, id: string, data: Uint8Array): Promise<number>;
  /** The first stored message of a subject after a position; `undefined` when there is none. */
  next(subject: string, after: number): Promise<StoredMessage | undefined>;
  /** The last stored message of a subject; `undefined` when there is none. */
  last(subject: string): Promise<StoredMessage | undefined>;
  readonly files: FileStore;
  /** Emits after each interruption of the connection. */
  readonly reconnected: Observable<void>;
  /** Emits once when the connection has ended for good without `close`, as when its login is not valid any more. */
  readonly ended: Observable<ElpisError>;
  /** Sends what is not sent, and closes the connection, once. */
  close(): Promise<void>;
}
