import { pathText } from '../../codec/report/path.js';
import { defined } from '../../core/defined.js';
import type { AmmoFault } from '../../plugin/traits.js';
import { MessageFault } from '../../protobuf/messageFault.js';
import type { Schema } from '../../protobuf/schema.js';
import type { SchemaMethod } from '../../protobuf/schemaMethod.js';
import type { GrpcCall } from '../../protocols/grpc.js';
import { type CallHeadOptions, encodeCallHead, framedMessage, metadataFields } from '../../wire/grpc/callHead.js';
import { GRPC_FAILURE } from '../../wire/grpc/grpcFailure.js';
import type { EncodedHead } from '../../wire/http2/encodedHead.js';
import { methodFault, unknownMethod } from './callFaults.js';

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

/** A fault with the place of its call. */
const placed = ({ place }: GrpcCall, fault: AmmoFault): AmmoFault =>
  place === undefined ? fault : { ...fault, message: `${place}: ${fault.message}` };

/** A call whose method is known, and whose message and metadata can be sent. */
interface CheckedCall {
  readonly method: SchemaMethod;
  readonly metadata: readonly (readonly [name: string, value: string])[];
  readonly bytes: Uint8Array;
}

function checkedCall(call: GrpcCall, schema: Schema): CheckedCall | CallProblem {
  const method = schema.method(call.method);
  if (method === undefined) return { ...UNKNOWN_METHOD, ...placed(call, unknownMethod(call.method, schema)) };
  const streaming = methodFault(method);
  if (streaming !== undefined) return { ...STREAMING, ...placed(call, streaming) };
  const metadata = metadataFields(call.metadata ?? {});
  if (typeof metadata === 'string') return { ...BAD_METADATA, ...placed(call, { message: metadata }) };
  try {
    return { method, metadata, bytes: method.encode(call.payload) };
  } catch (error) {
    if (!(error instanceof MessageFault)) throw error;
    const { message, hint, path } = error;
    const fault = { message: `${pathText(['payload', ...path])}: ${message}`, ...defined({ hint }) };
    return { ...BAD_PAYLOAD, ...placed(call, fault) };
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
