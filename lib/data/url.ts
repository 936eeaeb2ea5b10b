import type { Agent } from 'node:http';
import type { Response } from 'node-fetch';
import type { SchedulerLike, Subscription } from 'rxjs';
import { atLeast } from '../codec/bounds.js';
import { atLeastMs, lengthText } from '../codec/duration.js';
import type { Codec } from '../codec/issue.js';
import { integer, scalar } from '../codec/scalars.js';
import { optional, required, type StructOf, struct } from '../codec/struct.js';
import type { DataSource } from '../core/data.js';
import { ElpisError, isElpisError } from '../core/errors.js';
import { withoutCredentials } from '../core/redact.js';
import type { Bytes, Millis } from '../core/units.js';
import { component } from '../plugin/component.js';
import { realTimeScheduler } from '../time/realTime.js';
import { readable } from './readable.js';

/** An absolute http or https URL. */
const webAddress: Codec<string, string> = scalar(
  {
    name: 'an address such as https://example.org/ammo.uri',
    schema: { type: 'string', pattern: '^[hH][tT][tT][pP][sS]?:' },
  },
  (url) => {
    if (typeof url !== 'string') return { code: 'wrong-type' };
    const right = URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
    return right ? { value: url } : { code: 'bad-url', hint: 'it starts with http:// or https://' };
  },
);

const limits = {
  /** How long a connection may take, TLS included. */
  connectTimeout: optional(atLeastMs(1), 10_000, 'how long a connection may take, TLS included'),
  /** How long the response may take to begin, after the connection. */
  responseTimeout: optional(atLeastMs(1), 30_000, 'how long the response may take to begin, after the connection'),
  /** How long the response may pause while it is read. */
  idleTimeout: optional(atLeastMs(1), 30_000, 'how long the response may pause while it is read'),
  /** How many redirects are followed. */
  redirects: optional(atLeast(integer, 0), 10, 'how many redirects are followed'),
};

/** Time limits of a source, and its limit of redirects. */
export type UrlLimits = StructOf<typeof limits>;

const DEFAULTS: UrlLimits = { connectTimeout: 10_000, responseTimeout: 30_000, idleTimeout: 30_000, redirects: 10 };

/** One request, which is aborted, with a message, at a time limit. */
class Waiting {
  readonly #abort = new AbortController();
  #timer: Subscription | undefined;
  #problem: ElpisError | undefined;

  constructor(
    private readonly name: string,
    private readonly scheduler: SchedulerLike,
  ) {}

  /** Aborted when a limit is reached, or by the reader. */
  signalWith(reader: AbortSignal | undefined): AbortSignal {
    return reader === undefined ? this.#abort.signal : AbortSignal.any([reader, this.#abort.signal]);
  }

  /** Starts the time limit of the next event. */
  for(what: string, limit: Millis, key: string): void {
    this.over();
    this.#timer = this.scheduler.schedule(() => {
      const hint = `check the address and the network; ${key} sets another limit`;
      this.#problem = new ElpisError('ELPIS_SOURCE', `${this.name}: ${what} within ${lengthText(limit)}`, { hint });
      this.#abort.abort();
    }, limit);
  }

  /** The awaited event has happened. */
  over(): void {
    this.#timer?.unsubscribe();
    this.#timer = undefined;
  }

  /** The error of the limit that was reached, or the thrown error. */
  failure(thrown: unknown): unknown {
    return this.#problem ?? thrown;
  }
}

/** Address and headers of a request: user and password are moved to a header, so that messages do not show them. */
function requestOf(url: string): { readonly address: string; readonly headers: Record<string, string> } {
  const parsed = new URL(url);
  const { username, password } = parsed;
  if (username === '' && password === '') return { address: url, headers: {} };
  parsed.username = parsed.password = '';
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { address: parsed.href, headers: { Authorization: `Basic ${Buffer.from(pair).toString('base64')}` } };
}

/** Adds callbacks to the agent of one request, for the begin and the end of connecting. */
function watched(agent: Agent, connecting: () => void, connected: () => void): Agent {
  const connect = agent.createConnection.bind(agent);
  agent.createConnection = (options, callback) => {
    connecting();
    const socket = connect(options, callback);
    socket?.once('encrypted' in socket ? 'secureConnect' : 'connect', connected);
    return socket;
  };
  return agent;
}

async function request(
  url: string,
  { connectTimeout, responseTimeout, redirects }: UrlLimits,
  waiting: Waiting,
  signal: AbortSignal,
): Promise<Response> {
  // Loaded at first use: most runs read files.
  const [{ default: fetch }, http, https] = await Promise.all([
    import('node-fetch'),
    import('node:http'),
    import('node:https'),
  ]);
  const { address, headers } = requestOf(url);
  const connecting = (): void => waiting.for('no connection', connectTimeout, 'connect-timeout');
  const connected = (): void => waiting.for('no response', responseTimeout, 'response-timeout');
  const agent = ({ protocol }: URL): Agent =>
    watched(protocol === 'https:' ? new https.Agent() : new http.Agent(), connecting, connected);
  try {
    return await fetch(address, { signal, headers, agent, follow: redirects });
  } catch (error) {
    if ((error as { type?: string }).type !== 'max-redirect') throw error;
    const hint = 'open the address in a browser; redirects sets another limit';
    throw new ElpisError('ELPIS_SOURCE', `${withoutCredentials(url)}: more than ${redirects} redirects`, { hint });
  } finally {
    waiting.over();
  }
}

/** The bytes of a response. The time limit applies only while a reader waits for them. */
async function* bytesOf(
  body: AsyncIterable<Uint8Array>,
  idleTimeout: Millis,
  waiting: Waiting,
): AsyncGenerator<Uint8Array> {
  let size: Bytes = 0;
  const iterator = body[Symbol.asyncIterator]();
  try {
    for (;;) {
      waiting.for(`no more bytes after ${size.toLocaleString('en-US')}`, idleTimeout, 'idle-timeout');
      const next = await iterator.next();
      waiting.over();
      if (next.done === true) return;
      size += next.value.length;
      yield next.value;
    }
  } catch (error) {
    throw waiting.failure(error);
  } finally {
    waiting.over();
    await iterator.return?.();
  }
}

async function get(
  url: string,
  limitsOfUrl: UrlLimits,
  scheduler: SchedulerLike,
  reader: AbortSignal | undefined,
): Promise<AsyncIterable<Uint8Array>> {
  const name = withoutCredentials(url);
  const waiting = new Waiting(name, scheduler);
  let response: Response;
  try {
    response = await request(url, limitsOfUrl, waiting, waiting.signalWith(reader));
  } catch (error) {
    const failure = waiting.failure(error);
    if (isElpisError(failure)) throw failure;
    // The message of node-fetch begins with the address.
    throw failure instanceof Error
      ? new Error(failure.message.replace(/^request to .* failed, reason: /, ''))
      : failure;
  }
  if (!response.ok || response.body === null) {
    const body = response.body as (AsyncIterable<Uint8Array> & { destroy?: () => void }) | null;
    body?.destroy?.();
    throw new ElpisError(
      'ELPIS_SOURCE',
      `${name}: responded with ${response.status} ${response.statusText}`.trimEnd(),
      {
        hint: 'open the address in a browser; expected status 200',
      },
    );
  }
  return bytesOf(response.body as AsyncIterable<Uint8Array>, limitsOfUrl.idleTimeout, waiting);
}

/**
 * The body of the response of an http(s) address; gzip is decompressed. It is requested again at each pass. Follows
 * redirects. A user and a password in the address are sent as basic authentication.
 */
export function sourceOfUrl(
  url: string,
  limitsOfUrl: UrlLimits = DEFAULTS,
  scheduler: SchedulerLike = realTimeScheduler,
): DataSource {
  const name = withoutCredentials(url);
  return {
    name,
    rereadable: true,
    open: (signal) =>
      readable(() => get(url, limitsOfUrl, scheduler, signal), {
        name,
        hint: () => 'check the address and the network',
      }),
  };
}

/** The `url` source: a web address. @example urlSource({ url: 'http://localhost/ammo' }) */
export const urlSource = component({
  kind: 'source',
  name: 'url',
  summary: 'Reads the response of an http or https address.',
  example: { url: 'https://example.org/ammo.uri' },
  options: struct('url source', {
    /** The address. */
    url: required(webAddress, 'the address'),
    ...limits,
  }),
  create: ({ url, ...limitsOfUrl }, { scheduler }) => sourceOfUrl(url, limitsOfUrl, scheduler),
  describe: ({ url }) => withoutCredentials(url),
});
