import { concat, defer, EMPTY, type Observable } from 'rxjs';
import type { DeadlineQueue } from '../../time/deadlineQueue.js';
import type { CaptureRule } from '../../wire/http1/capture.js';
import { type Answlog, loggedFrom } from './answlog.js';
import type { Dialing } from './dialing.js';
import type { HttpGunConfig } from './httpOptions.js';
import type { ClientLease, Closable, SharedClients } from './sharedClients.js';

/** What the options of an HTTP gun capture of responses. */
type Captured = Pick<HttpGunConfig, 'answlog' | 'httptrace' | 'redirect' | 'disableCompression' | 'maxBody'>;

/**
 * The responses that a gun records.
 *
 * @param keepResponses True: every response, for transports, independent of the answlog.
 */
export function captureRule(
  { answlog, httptrace, redirect, disableCompression, maxBody }: Captured,
  keepResponses: boolean,
): CaptureRule {
  return {
    fromStatus: keepResponses ? 0 : loggedFrom(answlog),
    redirects: redirect,
    dumps: httptrace.dump ? 'all' : answlog.enabled ? 'kept' : 'none',
    asksGzip: !disableCompression,
    maxBody,
  };
}

/** Parts of {@link GunResources}. */
export interface GunResourcesParts<X, C extends Closable> {
  readonly context: X;
  readonly clients: SharedClients<C>;
  readonly dialing: Dialing;
  readonly answlog: Answlog | undefined;
  /** The time limits of shots and connections. */
  readonly limits: readonly (DeadlineQueue | undefined)[];
}

/** What the guns of a pool use together: the context of their exchanges, their clients, the answlog, and time limits. */
export class GunResources<X, C extends Closable> {
  readonly context: X;
  readonly #parts: GunResourcesParts<X, C>;

  constructor(parts: GunResourcesParts<X, C>) {
    this.context = parts.context;
    this.#parts = parts;
  }

  /** Opens the answlog, reads certificates and resolves the target. */
  warmUp(): Observable<never> {
    const { answlog, dialing } = this.#parts;
    return concat(answlog?.open() ?? EMPTY, defer(dialing.warmUp));
  }

  /** Returns a new client, or the next one of the shared clients. */
  client(): ClientLease<C> {
    return this.#parts.clients.lease();
  }

  /** Closes the shared clients and the answlog. */
  close(): Observable<never> {
    const { answlog, clients, limits } = this.#parts;
    clients.close();
    for (const limit of limits) limit?.close();
    return answlog?.close() ?? EMPTY;
  }
}
