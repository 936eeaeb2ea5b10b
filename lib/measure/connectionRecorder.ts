import type { ConnectionEnd, ConnectionWatch, ConnectPhases } from '../core/connections.js';
import type { Millis } from '../core/units.js';
import { type ConnectionCounts, hasConnections, NO_CONNECTIONS } from './connectionCounts.js';
import { HistogramRecorder } from './histogramRecorder.js';
import { micros } from './sampleTimes.js';

/** Counts the connections of a pool between two calls of `take`. Counting allocates nothing. */
export class ConnectionRecorder implements ConnectionWatch {
  #opened = 0;
  #failed = 0;
  #reused = 0;
  #closedByTarget = 0;
  #closedByGenerator = 0;
  #broken = 0;
  readonly #dns = new HistogramRecorder();
  readonly #connect = new HistogramRecorder();
  readonly #tls = new HistogramRecorder();
  readonly #wait = new HistogramRecorder();
  readonly #receive = new HistogramRecorder();

  opened({ dns, connect, tls }: ConnectPhases = {}): void {
    this.#opened++;
    if (dns !== undefined) this.#dns.record(micros(dns));
    if (connect !== undefined) this.#connect.record(micros(connect));
    if (tls !== undefined) this.#tls.record(micros(tls));
  }

  failed(): void {
    this.#failed++;
  }

  closed(by: ConnectionEnd): void {
    if (by === 'target') this.#closedByTarget++;
    else if (by === 'generator') this.#closedByGenerator++;
    else this.#broken++;
  }

  reused(): void {
    this.#reused++;
  }

  exchanged(wait: Millis, receive: Millis): void {
    this.#wait.record(micros(wait));
    this.#receive.record(micros(receive));
  }

  /** The counts since the last call; {@link NO_CONNECTIONS} itself when there were none. */
  take(): ConnectionCounts {
    const phases = {
      dns: this.#dns.take(),
      connect: this.#connect.take(),
      tls: this.#tls.take(),
      wait: this.#wait.take(),
      receive: this.#receive.take(),
    };
    const counts = {
      opened: this.#opened,
      failed: this.#failed,
      reused: this.#reused,
      closedByTarget: this.#closedByTarget,
      closedByGenerator: this.#closedByGenerator,
      broken: this.#broken,
    };
    this.#opened = this.#failed = this.#reused = this.#closedByTarget = this.#closedByGenerator = this.#broken = 0;
    const taken = { ...counts, phases };
    return hasConnections(taken) ? taken : NO_CONNECTIONS;
  }
}
