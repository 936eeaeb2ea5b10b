import type { SchedulerLike, Subscription } from 'rxjs';
import type { ConnectPhases } from '../../core/connections.js';
import type { EpochMs, Millis } from '../../core/units.js';
import { NET_FAILURE, proxyRefusal } from '../../protocols/netFailure.js';
import { ExchangeError } from '../exchangeError.js';
import type { Connector, HttpSocket, HttpSocketEvents, SecurableSocket } from './connector.js';
import { bracketed, type Origin } from './origin.js';
import { ProxyHead } from './proxyHead.js';

/** Options of {@link tunnelConnector}. */
export interface TunnelOptions {
  readonly scheduler: SchedulerLike;
  /** The proxy; with `ssl`, TLS is spoken with it before the tunnel. */
  readonly proxy: Origin;
  /** Opens connections to the proxy. */
  readonly dial: Connector<SecurableSocket>;
  /** From the begin of the connection to the response of the proxy; 0 = no limit. */
  readonly timeout: Millis;
  /** Further headers of `CONNECT`. */
  readonly headers: readonly (readonly [name: string, value: string])[];
}

const OK = 200;

/**
 * The phases of a tunnel:
 *
 * ```text
 * dialling -> asking -> open
 *                \-> securing -> open
 * ```
 */
type Phase = 'dialling' | 'asking' | 'securing' | 'open';

class TunnelSocket implements HttpSocket, HttpSocketEvents {
  readonly #origin: Origin;
  readonly #events: HttpSocketEvents;
  readonly #options: TunnelOptions;
  readonly #socket: SecurableSocket;
  readonly #head = new ProxyHead();
  #limit: Subscription | undefined;
  #phase: Phase = 'dialling';
  #askedAt: EpochMs = 0;
  /** From the request to the proxy to its response. */
  #asking: Millis = 0;

  constructor(origin: Origin, events: HttpSocketEvents, options: TunnelOptions) {
    this.#origin = origin;
    this.#events = events;
    this.#options = options;
    this.#socket = options.dial(options.proxy, this);
    if (options.timeout > 0) this.#limit = options.scheduler.schedule(() => this.#late(), options.timeout);
  }

  get pending(): boolean {
    return this.#socket.pending;
  }

  get phases(): ConnectPhases | undefined {
    const { phases } = this.#socket;
    return phases && { ...phases, connect: (phases.connect ?? 0) + this.#asking };
  }

  write(bytes: Uint8Array, written?: () => void): void {
    this.#socket.write(bytes, written);
  }

  destroy(): void {
    this.#limit?.unsubscribe();
    this.#socket.destroy();
  }

  opened(protocol?: string): void {
    if (this.#phase === 'securing') this.#ready(protocol);
    else {
      this.#phase = 'asking';
      this.#askedAt = this.#options.scheduler.now();
      this.#socket.write(connectRequest(this.#origin, this.#options.headers));
    }
  }

  received(bytes: Uint8Array, length: number): void {
    if (this.#phase === 'open') this.#events.received(bytes, length);
    else this.#readHead(bytes, length);
  }

  finished(): void {
    if (this.#phase === 'open') this.#events.finished();
    else this.#fail(new ExchangeError(NET_FAILURE.proxyClosed, `${this.#proxy} closed the connection`));
  }

  failed(error: Error): void {
    this.#limit?.unsubscribe();
    this.#events.failed(error);
  }

  get #proxy(): string {
    const { host, port } = this.#options.proxy;
    return `the proxy ${bracketed(host)}:${port}`;
  }

  #readHead(bytes: Uint8Array, length: number): void {
    const head = this.#head;
    const used = head.feed(bytes, length);
    const { badProxyResponse } = NET_FAILURE;
    if (head.problem !== '') {
      this.#fail(new ExchangeError(badProxyResponse, `${this.#proxy} sent no HTTP: ${head.problem}`));
    } else if (head.status !== 0 && head.status !== OK) {
      const about = `${this.#proxy} refused a tunnel to ${authorityText(this.#origin)} with status ${head.status}`;
      this.#fail(new ExchangeError(proxyRefusal(head.status), about));
    } else if (head.done && used < length) {
      const about = `${this.#proxy} sent ${length - used} bytes after its response to CONNECT`;
      this.#fail(new ExchangeError(badProxyResponse, about));
    } else if (head.done) this.#established();
  }

  #established(): void {
    this.#asking = this.#options.scheduler.now() - this.#askedAt;
    this.#limit?.unsubscribe();
    if (this.#origin.ssl) {
      this.#phase = 'securing';
      this.#socket.startTls(this.#origin);
    } else this.#ready();
  }

  #ready(protocol?: string): void {
    this.#phase = 'open';
    this.#events.opened(protocol);
  }

  #late(): void {
    const doing = this.#phase === 'asking' ? 'the response of' : 'connecting to';
    const error = new Error(`${doing} ${this.#proxy} took longer than ${this.#options.timeout}ms`);
    this.#fail(Object.assign(error, { code: 'ETIMEDOUT' }));
  }

  #fail(error: Error): void {
    this.destroy();
    this.#events.failed(error);
  }
}

/** Host and port as `CONNECT` names them. */
function authorityText({ host, port }: Origin): string {
  return `${bracketed(host)}:${port}`;
}

function connectRequest(origin: Origin, headers: TunnelOptions['headers']): Buffer {
  const authority = authorityText(origin);
  const lines = [`CONNECT ${authority} HTTP/1.1`, `Host: ${authority}`];
  for (const [name, value] of headers) lines.push(`${name}: ${value}`);
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
}

/**
 * Connections through a proxy: each is opened to the proxy, which is asked by `CONNECT` for a tunnel to the origin; TLS with the
 * origin is inside the tunnel. Only status 200 opens it. A name of an origin is resolved by the proxy.
 *
 * ```text
 * TCP to the proxy -> [TLS with the proxy] -> CONNECT host:port, 200 -> [TLS with the origin] -> opened
 * ```
 */
export function tunnelConnector(options: TunnelOptions): Connector {
  return (origin, events) => new TunnelSocket(origin, events, options);
}
