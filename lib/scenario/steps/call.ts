import type { MonoTypeOperatorFunction, ObservableInput } from 'rxjs';
import { A_TEXT, AN_OBJECT, checkArgument } from '../../core/argument.js';
import { defined } from '../../core/defined.js';
import { ElpisError } from '../../core/errors.js';
import type { Millis } from '../../core/units.js';
import type { ExactJsonMap } from '../../protocols/exactJson.js';
import type { GrpcCall, GrpcMetadata } from '../../protocols/grpc.js';
import { plainName } from '../scenarioFailure.js';
import { type Part, partOf, type Session, type Vars } from '../session.js';
import { refusePromise } from '../userFunction.js';
import type { WhenFailed } from './retry.js';
import { send } from './send.js';

/** Options of {@link call}. */
export interface CallOptions<V extends Vars> {
  /** A value for each name. The value of a name in `-bin` is sent in base64. */
  readonly metadata?: Part<V, GrpcMetadata>;
  /**
   * The messages of the client, instead of a payload: a list, or any stream. Needed for methods with streams of either side; its
   * completion ends the side of the client.
   */
  readonly messages?: Part<V, ObservableInput<ExactJsonMap>>;
  /** The effect of a call without a status of the server. Default `end`. */
  readonly otherwise?: WhenFailed;
  /** The longest time of the call in milliseconds; then it is cancelled and fails as `timeout`. Default: that of the gun. */
  readonly timeoutMs?: Millis;
}

/**
 * Makes a call over gRPC and waits for its status, for the gun `grpc/scenario`.
 *
 * ```text
 * flow                                               s-----------|
 * call('login', 'shop.Shop.Login', { name: 'a' })    ---s--------|     the status comes after 3 ms
 * ```
 *
 * - The response has the code of the sample as its status (200 for OK, 404 for NOT_FOUND, and so on) and the message as JSON. With
 *   `messages` it is the list of the messages of the server, up to 16 MiB of them.
 * - With `messages` each message of the server has a sample of a group, too: `TAG|first` is the time to the first, `TAG|gap` the time
 *   from one to the next.
 * - A status other than OK is a response: see `check`. Samples, failures and unsubscribing are as with {@link send}.
 *
 * @param name A part of the tag, such as `login` in `shop/login`.
 * @param method `package.Service.Method`; a slash before the method is the same.
 * @param payload The message in the JSON form of protobuf, or null for the empty message. Unused with `messages`.
 * @throws ElpisError `ELPIS_CONFIG` for a name that cannot be a tag, a method without a service, or a timeout that is not above 0.
 *
 * @example
 * declare const flow: Flow<{ token: string }>;
 * flow.pipe(
 *   call('goods', 'shop.Shop.List', ({ token }) => ({ token })),
 *   call('chat', 'shop.Chat.Talk', null, { messages: interval(100).pipe(take(3), map((n) => ({ text: `${n}` }))) }),
 * );
 */
export function call<V extends Vars>(
  name: string,
  method: string,
  payload: Part<NoInfer<V>, ExactJsonMap> | null = null,
  options: CallOptions<NoInfer<V>> = {},
): MonoTypeOperatorFunction<Session<V>> {
  plainName('request', name);
  checkArgument(`call "${name}"`, 'method', method, A_TEXT);
  checkArgument(`call "${name}"`, 'options', options, AN_OBJECT);
  if (!/[^./][./][^./]+$/.test(method)) {
    const hint = 'write the package, the service and the method, such as shop.Shop.Login';
    throw new ElpisError('ELPIS_CONFIG', `call "${name}": ${JSON.stringify(method)} is not a method`, { hint });
  }
  const { metadata, messages, otherwise, timeoutMs } = options;
  const made = (session: Session<V>): GrpcCall => {
    const given = metadata === undefined ? null : partOf(metadata, session);
    const message = payload === null ? null : partOf(payload, session);
    refusePromise(given, 'the metadata');
    refusePromise(message, 'the payload');
    const sent = messages === undefined ? undefined : partOf(messages, session);
    return { method, metadata: given, payload: message, ...defined({ messages: sent }) };
  };
  return send<V, GrpcCall>(name, (_, session) => made(session), defined({ otherwise, timeoutMs }));
}
