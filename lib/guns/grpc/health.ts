import { catchError, concatMap, type Observable, of, retry, throwError, timeout, timer, toArray } from 'rxjs';
import type { Deps } from '../../core/deps.js';
import { describeError } from '../../core/errorContext.js';
import { ElpisError } from '../../core/errors.js';
import type { Millis } from '../../core/units.js';
import { originPlace } from '../../wire/dial/origin.js';
import { encodeCallHead } from '../../wire/grpc/callHead.js';
import { streamingCall } from '../../wire/grpc/streamingCall.js';
import { askingHint, type ReflectionClient } from './schemaSource.js';

const PATH = '/grpc.health.v1.Health/Check';
const STATES = ['unknown', 'serving', 'not serving', 'service unknown'];
const SERVING = 1;
/** Between two questions. */
const PAUSE: Millis = 200;

/** A HealthCheckRequest: the field 1 is the service. */
function requestFor(service: string): Uint8Array {
  const name = Buffer.from(service);
  if (name.length === 0) return name;
  const size = name.length < 128 ? [name.length] : [(name.length & 0x7f) | 0x80, name.length >> 7];
  return Buffer.concat([Uint8Array.of(0x0a, ...size), name]);
}

/** The status of a HealthCheckResponse, its field 1; 0 when it is absent. */
function stateOf(response: Uint8Array | undefined): number {
  return response?.[0] === 0x08 ? (response[1] ?? 0) : 0;
}

/** Options of {@link awaitHealth}. */
export interface HealthOptions {
  /** Empty for the server as a whole. At most 16,383 bytes. */
  readonly service: string;
  /** How long to ask again until it serves; 0 to ask once. */
  readonly wait: Millis;
  /** Limit of one question. */
  readonly limit: Millis;
}

/**
 * Asks a server by grpc.health.v1 whether it serves; completes when it does, without a value. Errors with `ELPIS_GUN` when it does not
 * within the time.
 */
export function awaitHealth(
  client: ReflectionClient,
  { service, wait, limit }: HealthOptions,
  deps: Deps,
): Observable<never> {
  const { scheduler } = deps;
  const head = encodeCallHead(PATH, [], { ...client, ssl: client.origin.ssl, timeout: limit, compression: 'none' });
  const until = scheduler.now() + wait;
  const asked = streamingCall({ ...client, head, compression: 'none' }, of(requestFor(service))).pipe(
    timeout({ each: limit, scheduler }),
    toArray(),
    concatMap(([response]) => {
      const state = stateOf(response);
      if (state === SERVING) return [];
      return throwError(() => new Error(`it is ${STATES[state] ?? `in state ${state}`}`));
    }),
  );
  const what = service === '' ? 'the server' : `the service ${service}`;
  return asked.pipe(
    retry({
      delay: (error: unknown) => (scheduler.now() + PAUSE > until ? throwError(() => error) : timer(PAUSE, scheduler)),
    }),
    catchError((cause: unknown) =>
      throwError(() => {
        const at = originPlace(client.origin);
        const hint = askingHint(cause, 'health.wait asks again for a time; health.service names another service');
        return new ElpisError('ELPIS_GUN', `${what} at ${at} does not serve: ${describeError(cause)}`, { cause, hint });
      }),
    ),
  );
}
