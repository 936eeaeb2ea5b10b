import type { ExchangeKeeper, OfferedExchange } from '../../core/deps.js';
import { withoutSecretLines } from '../../core/redact.js';
import type { Bytes } from '../../core/units.js';
import type { GrpcCall } from '../../protocols/grpc.js';
import type { NetSample } from '../../protocols/netSample.js';
import type { ReceivedHead } from '../../wire/http2/streamListener.js';
import { quoted, shown } from '../shared/exchangeText.js';

/** The longest message in a command of grpcurl. */
const MAX_COMMAND_MESSAGE: Bytes = 4096;

/** How grpcurl reaches the server of a gun: its options, and host and port. */
export interface GrpcurlTarget {
  readonly options: readonly string[];
  readonly address: string;
}

/** What was received for a call. */
export interface CallResponse {
  readonly head?: ReceivedHead | undefined;
  readonly trailers?: ReceivedHead | undefined;
  /** The message as JSON; called only when the exchange is kept. */
  readonly message?: () => string;
}

/** A message in the JSON form of protobuf; whole numbers beyond 2^53 are texts in it. */
const jsonOf = (payload: unknown): string =>
  JSON.stringify(payload ?? {}, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value));

/** The path of a method, such as `shop.Cart/Add`. */
const pathOf = (method: string): string => method.replace(/\.([^./]+)$/, '/$1');

function metadataLines({ metadata }: GrpcCall): readonly string[] {
  return Object.entries(metadata ?? {}).map(([name, value]) => withoutSecretLines(`${name}: ${value}`));
}

/** The call as a command of grpcurl; undefined for a call with a stream of messages, and for a long one. */
function commandOf(call: GrpcCall, { options, address }: GrpcurlTarget): string | undefined {
  const json = jsonOf(call.payload);
  if (call.messages !== undefined || json.length > MAX_COMMAND_MESSAGE) return undefined;
  const headers = metadataLines(call).flatMap((line) => ['-H', quoted(line)]);
  return ['grpcurl', ...options, ...headers, '-d', quoted(json), quoted(address), quoted(pathOf(call.method))].join(
    ' ',
  );
}

function requestText(call: GrpcCall): string {
  const body = call.messages === undefined ? jsonOf(call.payload) : '(a stream of messages)';
  return shown(Buffer.from([pathOf(call.method), ...metadataLines(call), '', body].join('\n')));
}

/** The metadata of the head and of the trailers, and the message. */
function responseText({ head, trailers, message }: CallResponse): string | null {
  if (head === undefined && trailers === undefined && message === undefined) return null;
  const fields = [...(head?.fields ?? []), ...(trailers?.fields ?? [])].map(([name, value]) => `${name}: ${value}`);
  return shown(Buffer.from([...fields, '', message?.() ?? ''].join('\n')));
}

/** Offers a call that was bad or failed as an example. Its texts are made only when it is kept. */
export function offerCall(
  keeper: ExchangeKeeper,
  { tag, started, ended }: Pick<NetSample, 'tag' | 'started' | 'ended'>,
  reason: string,
  call: GrpcCall,
  target: GrpcurlTarget,
  response: CallResponse,
): void {
  keeper.offer(tag, reason, (): OfferedExchange => {
    const curl = commandOf(call, target);
    return {
      ...{ startedAt: started, serviceMs: ended - started },
      ...(curl === undefined ? {} : { curl }),
      ...{ request: requestText(call), response: responseText(response) },
    };
  });
}
