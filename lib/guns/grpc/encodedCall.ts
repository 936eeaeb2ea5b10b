import type { AmmoFault } from '../../plugin/traits.js';
import { MessageFault } from '../../protobuf/messageFault.js';
import type { Schema } from '../../protobuf/schema.js';
import type { SchemaMethod } from '../../protobuf/schemaMethod.js';
import type { GrpcAmmo, GrpcCall } from '../../protocols/grpc.js';
import { type CallHeadOptions, encodeCallHead, framedMessage, metadataFields } from '../../wire/grpc/callHead.js';
import { GRPC_FAILURE } from '../../wire/grpc/grpcFailure.js';
import type { EncodedHead } from '../../wire/http2/encodedHead.js';

/** Why a call is not sent, and what its sample says. */
export interface CallProblem extends AmmoFault {
  /** The proto code of the sample: that of Pandora. */
  readonly protoCode: number;
  readonly errorName: string;
}

/** A call as it is sent, made once; or the reason that it is not sent. */
export type EncodedCall =
  | {
      readonly head: EncodedHead;
      /** The message in binary form. */
      readonly request: Uint8Array;
      /** The message as it is sent. */
      readonly body: Uint8Array;
      readonly method: SchemaMethod;
      readonly problem?: undefined;
    }
  | { readonly problem: CallProblem };

const UNKNOWN_METHOD = { protoCode: 0, errorName: 'grpc unknown method' };
const STREAMING = { protoCode: 500, errorName: 'grpc streaming method' };
const BAD_PAYLOAD = { protoCode: 400, errorName: 'grpc bad payload' };
const BAD_METADATA = { protoCode: 500, errorName: GRPC_FAILURE.badMetadata.errorName };
/** The problem of an item that is no call. */
export const BAD_AMMO = { protoCode: 0, errorName: 'grpc bad ammo' };

const placed = ({ place }: GrpcCall, message: string): string =>
  place === undefined ? message : `${place}: ${message}`;

/** A call whose method is known, and whose message and metadata can be sent. */
interface CheckedCall {
  readonly method: SchemaMethod;
  readonly metadata: readonly (readonly [name: string, value: string])[];
  readonly bytes: Uint8Array;
}

function checkedCall(call: GrpcCall, schema: Schema): CheckedCall | CallProblem {
  const method = schema.method(call.method);
  if (method === undefined) {
    const message = placed(call, `the method ${JSON.stringify(call.method)} is unknown`);
    return { ...UNKNOWN_METHOD, message, hint: schema.hintFor(call.method) };
  }
  if (method.kind !== 'unary') {
    const message = placed(call, `${method.name} is a streaming method, and this gun calls unary ones`);
    return { ...STREAMING, message, hint: 'streams are called from code: see docs/GRPC.md' };
  }
  const metadata = metadataFields(call.metadata ?? {});
  if (typeof metadata === 'string') return { ...BAD_METADATA, message: placed(call, metadata) };
  try {
    return { method, metadata, bytes: method.encode(call.payload) };
  } catch (error) {
    if (!(error instanceof MessageFault)) throw error;
    const { message, hint } = error;
    return { ...BAD_PAYLOAD, message: placed(call, message), ...(hint === undefined ? {} : { hint }) };
  }
}

/** Encodes a call by the descriptors of its method. */
export function encodeCall(call: GrpcCall, schema: Schema, options: CallHeadOptions): EncodedCall {
  const checked = checkedCall(call, schema);
  if (!('bytes' in checked)) return { problem: checked };
  const { method, metadata, bytes } = checked;
  const head = encodeCallHead(method.path, metadata, options);
  return { head, method, request: bytes, body: framedMessage(bytes, options.compression) };
}

/** The fault of an ammo by the descriptors; undefined when it can be sent. */
export function faultOf({ call, problem }: GrpcAmmo, schema: Schema): AmmoFault | undefined {
  if (problem !== undefined) return { message: problem };
  const checked = checkedCall(call, schema);
  return 'bytes' in checked ? undefined : checked;
}
