import type { AmmoFault } from '../../plugin/traits.js';
import type { MessageFault } from '../../protobuf/messageFault.js';
import type { Schema } from '../../protobuf/schema.js';
import type { SchemaMethod } from '../../protobuf/schemaMethod.js';
import type { PeekedGrpcAmmo } from '../../protocols/grpc.js';
import type { PartialJson } from '../../protocols/partialJson.js';
import { metadataFields } from '../../wire/grpc/callHead.js';

const STREAMING_HINT = 'the gun grpc/stream calls it';

/** Why the calls of a gun cannot be of a method; undefined when they can. */
export function methodFault(method: SchemaMethod): AmmoFault | undefined {
  if (method.kind === 'unary') return undefined;
  return { message: `${method.name} is a streaming method, and this gun calls unary ones`, hint: STREAMING_HINT };
}

/** A method that the descriptors do not have. */
export function unknownMethod(name: string, schema: Schema): AmmoFault {
  return { message: `the method ${JSON.stringify(name)} is unknown`, hint: schema.hintFor(name) };
}

function payloadFaults({ call }: PeekedGrpcAmmo, method: SchemaMethod): readonly (readonly [MessageFault, number])[] {
  const { payload, messages } = call;
  const written: readonly PartialJson[] = Array.isArray(messages) ? (messages as readonly PartialJson[]) : [payload];
  return written.flatMap((message, i) => method.faults(message).map((fault) => [fault, i] as const));
}

/**
 * All faults of a call that may be known in part: an unknown method, metadata that cannot be sent, unknown fields, wrong values. Each
 * with its way in the item: `call`, `metadata`, `payload.user.id`, `messages[1].text`.
 *
 * @param streams True for a gun that calls methods of any kind.
 */
export function callFaults(ammo: PeekedGrpcAmmo, schema: Schema, streams: boolean): readonly AmmoFault[] {
  const { call, problem } = ammo;
  if (problem !== undefined) return [{ message: problem }];
  const bad = metadataFields(call.metadata ?? {});
  const metadata: AmmoFault[] = typeof bad === 'string' ? [{ message: bad, path: ['metadata'] }] : [];
  const method = schema.method(call.method);
  if (method === undefined) return [{ ...unknownMethod(call.method, schema), path: ['call'] }, ...metadata];
  const streaming = streams ? undefined : methodFault(method);
  if (streaming !== undefined) return [{ ...streaming, path: ['call'] }, ...metadata];
  const payload = payloadFaults(ammo, method).map(([{ message, hint, path, part }, i]): AmmoFault => {
    const at = Array.isArray(call.messages) ? ['messages', i, ...path] : ['payload', ...path];
    return { message, path: at, part, ...(hint === undefined ? {} : { hint }) };
  });
  return [...metadata, ...payload];
}
