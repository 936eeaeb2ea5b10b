import type { ExchangeKeeper, OfferedExchange } from '../../core/deps.js';
import { withoutSecretLines } from '../../core/redact.js';
import type { Bytes, EpochMs } from '../../core/units.js';
import type { HttpRequest } from '../../protocols/http.js';
import type { NetSample } from '../../protocols/netSample.js';
import { originText } from '../../wire/dial/origin.js';
import { CAPTURE_NOTHING, type CaptureRule, EXAMPLE_BYTES, type ResponseRecorder } from '../../wire/http1/capture.js';
import type { Redirect } from './redirect.js';

/** The longest body in a command of curl. */
const MAX_CURL_BODY: Bytes = 4096;

/** Keeps the head and the start of the body of a response that is an error. */
export const EXAMPLE_RULE: CaptureRule = { ...CAPTURE_NOTHING, fromStatus: 400, maxBody: EXAMPLE_BYTES };

/** Text without secrets in its headers, cut at the limit. */
export function shown(bytes: Uint8Array): string {
  const kept = Buffer.from(bytes.subarray(0, EXAMPLE_BYTES)).toString('utf8');
  const rest = bytes.length - EXAMPLE_BYTES;
  return withoutSecretLines(rest > 0 ? `${kept}\n... ${rest} bytes more` : kept);
}

/** A word of a shell. */
export const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;

/** The request as a command of curl; undefined when its body is long or no text. */
function curlOf({ method, target, host, headers, body }: HttpRequest, origin: string): string | undefined {
  const words = ['curl', '-i', '-X', quoted(method)];
  if (host !== '') words.push('-H', quoted(`Host: ${host}`));
  for (const [name, value] of headers) {
    if (!/^(content-length|transfer-encoding)$/i.test(name))
      words.push('-H', quoted(withoutSecretLines(`${name}: ${value}`)));
  }
  if (body !== null && body.length > 0) {
    const text = Buffer.from(body).toString('utf8');
    if (body.length > MAX_CURL_BODY || text.includes('\0') || !Buffer.from(text).equals(body)) return undefined;
    words.push('--data-binary', quoted(text));
  }
  words.push(quoted(`${origin}${target.startsWith('/') ? '' : '/'}${target}`));
  return words.join(' ');
}

/** A response that was recorded, as text; only its status when its head was not recorded. */
function responseText(recorder: ResponseRecorder | undefined, status: number): string {
  if (recorder === undefined || recorder.lines.length === 0) return `HTTP status ${status}`;
  const head = Buffer.from(`${recorder.lines.join('\r\n')}\r\n\r\n`, 'latin1');
  return shown(Buffer.concat([head, recorder.body]));
}

/** A bad or failed exchange over HTTP. */
export interface HttpFailureExchange {
  readonly tag: string;
  readonly reason: string;
  readonly startedAt: EpochMs;
  readonly endedAt: EpochMs;
  readonly request: HttpRequest;
  /** Scheme, host and port. */
  readonly origin: string;
  /** The request as sent. */
  readonly sent: () => Uint8Array;
  /** The text of the response; `null` when there was none. */
  readonly response: () => string | null;
}

/** Offers an exchange as an example. Its texts are made only when it is kept. */
export function offerHttp(keeper: ExchangeKeeper, exchange: HttpFailureExchange): void {
  const { tag, reason, startedAt, endedAt, request, origin } = exchange;
  const make = (): OfferedExchange => {
    const curl = curlOf(request, origin);
    return {
      ...{ startedAt, serviceMs: endedAt - startedAt },
      ...(curl === undefined ? {} : { curl }),
      ...{ request: shown(exchange.sent()), response: exchange.response() },
    };
  };
  keeper.offer(tag, reason, make);
}

/** Offers the exchange of a sample as an example, if there is a keeper. The recorded response is used only during the call. */
export function offerExchange(
  keeper: ExchangeKeeper | undefined,
  { tag, started: startedAt }: NetSample,
  { request, origin }: Redirect,
  end: {
    readonly reason: string;
    readonly endedAt: EpochMs;
    readonly recorded: ResponseRecorder | undefined;
    readonly status: number;
    readonly sent: () => Uint8Array;
  },
): void {
  if (keeper === undefined) return;
  const { reason, endedAt, recorded, status, sent } = end;
  const response = (): string | null => (status === 0 ? null : responseText(recorded, status));
  offerHttp(keeper, { tag, reason, startedAt, endedAt, request, origin: originText(origin), sent, response });
}
