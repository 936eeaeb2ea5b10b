import type { ObservableInput } from 'rxjs';
import { ElpisError } from '../core/errors.js';
import type { Ammo } from '../core/shot.js';
import type { ExactJsonMap } from './exactJson.js';
import type { PartialJson } from './partialJson.js';

/** Metadata of a call: a value for each name; a name that ends in `-bin` has bytes, written as text. */
export type GrpcMetadata = Readonly<Record<string, string>>;

/** One gRPC call as the ammo defines it. Immutable; may be shared by many ammo, so that a gun can keep its encoded form. */
export interface GrpcCall {
  /** `package.Service.Method`, as written; a slash before the method is the same. */
  readonly method: string;
  /** Null when the ammo has none. */
  readonly metadata: GrpcMetadata | null;
  /** The request message in the JSON form of protobuf, or null for an empty one. Whole numbers beyond 2^53 are bigints. */
  readonly payload: ExactJsonMap | null;
  /** The messages of a call with a stream of the client, instead of the payload: a list, or in code any stream of objects. */
  readonly messages?: ObservableInput<ExactJsonMap>;
  /** Where it is written, such as `ammo.json:12`, for messages. */
  readonly place?: string;
}

/** The ammo of one gRPC call. */
export interface GrpcAmmo extends Ammo {
  readonly protocol: 'grpc';
  readonly call: GrpcCall;
  /** The reason that this item cannot be sent; absent when it can. A gun does not send such ammo, but emits a failed sample. */
  readonly problem?: string;
}

/** A call as far as it is known before the run. */
export interface PeekedGrpcAmmo extends Pick<GrpcAmmo, 'protocol' | 'problem'> {
  readonly call: Pick<GrpcCall, 'method' | 'metadata' | 'messages'> & { readonly payload: PartialJson };
}

/** True when the ammo is a gRPC call, which the gRPC gun requires. */
export function isGrpcAmmo(ammo: unknown): ammo is GrpcAmmo {
  return typeof ammo === 'object' && ammo !== null && (ammo as Partial<GrpcAmmo>).protocol === 'grpc';
}

/** Options of {@link toGrpcAmmo}. */
export interface ToGrpcAmmoOptions {
  /** Groups results. Default none. */
  readonly tag?: string;
  /** Default 0. */
  readonly id?: number;
  /** Default none. */
  readonly metadata?: GrpcMetadata;
  /** For a stream of the client: its messages, instead of the payload. */
  readonly messages?: ObservableInput<ExactJsonMap>;
}

/**
 * Makes ammo from a gRPC call, for providers of your own.
 *
 * @param method `package.Service.Method`.
 * @param payload The message in the JSON form of protobuf. Default: an empty message. A bigint is a whole number.
 * @param options Tag, id and metadata.
 * @throws ElpisError `ELPIS_AMMO` for a name without a service.
 * @example
 * toGrpcAmmo('helloworld.Greeter.SayHello', { name: 'Ann' }, { tag: 'hello', metadata: { 'x-user': '7' } });
 */
export function toGrpcAmmo(
  method: string,
  payload: ExactJsonMap | null = null,
  { tag = '', id = 0, metadata, messages }: ToGrpcAmmoOptions = {},
): GrpcAmmo {
  if (!/[^./][./][^./]+$/.test(method)) {
    const hint = 'write the package, the service and the method, such as helloworld.Greeter.SayHello';
    throw new ElpisError('ELPIS_AMMO', `${JSON.stringify(method)} is not a method`, { hint });
  }
  const call: GrpcCall = {
    method,
    metadata: metadata ?? null,
    payload,
    ...(messages === undefined ? {} : { messages }),
  };
  return { protocol: 'grpc', id, tag, call };
}

/** Throws for ammo that is not a gRPC call. @throws ElpisError `ELPIS_SHOT` that names the kind of ammo. */
export function requireGrpcAmmo(ammo: unknown, gun: string): void {
  if (isGrpcAmmo(ammo)) return;
  const kind = (Object(ammo) as { protocol?: unknown }).protocol;
  const name = typeof kind === 'string' ? `${kind} ammo` : `ammo of type ${ammo === null ? 'null' : typeof ammo}`;
  throw new ElpisError('ELPIS_SHOT', `the ${gun} gun cannot shoot ${name}`, {
    hint: 'use a provider of gRPC calls: grpc/json',
  });
}
