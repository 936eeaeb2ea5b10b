import { lastValueFrom, timeout } from 'rxjs';
import type { Deps } from '../../core/deps.js';
import { describeError } from '../../core/errorContext.js';
import { ElpisError } from '../../core/errors.js';
import { OptionError } from '../../plugin/optionError.js';
import { loadProtobuf, type ProtobufLibrary } from '../../protobuf/library.js';
import { readDescriptorSet } from '../../protobuf/readDescriptorSet.js';
import { readProtoFiles } from '../../protobuf/readProtoFiles.js';
import { REFLECTION_METHODS, type Reflected, reflected } from '../../protobuf/reflection.js';
import { Schema } from '../../protobuf/schema.js';
import { NET_FAILURE } from '../../protocols/netFailure.js';
import { originPlace } from '../../wire/dial/origin.js';
import { encodeCallHead, metadataFields } from '../../wire/grpc/callHead.js';
import { GrpcError } from '../../wire/grpc/grpcError.js';
import { GRPC_STATUS } from '../../wire/grpc/grpcStatus.js';
import { type StreamingCallOptions, streamingCall } from '../../wire/grpc/streamingCall.js';
import { callTimeout, type GrpcGunConfig } from './options.js';

/** The options that name where descriptors come from. */
type SourceOptions = Pick<GrpcGunConfig, 'proto' | 'descriptorSet' | 'reflectMetadata' | 'target' | 'timeout'>;

/** True when the descriptors come from files, so that they are known without the target. */
export function hasFiles({ proto, descriptorSet }: Pick<GrpcGunConfig, 'proto' | 'descriptorSet'>): boolean {
  return proto !== null || descriptorSet !== '';
}

/**
 * The descriptors of the files that the options name.
 *
 * @throws OptionError with the key of the files that cannot be used.
 */
export async function schemaOfFiles({
  proto,
  descriptorSet,
}: Pick<GrpcGunConfig, 'proto' | 'descriptorSet'>): Promise<Schema> {
  const library = await loadProtobuf();
  const [protoKey, setKey] = ['proto', 'descriptor_set'];
  const named = async <T>(key: string, use: () => T | Promise<T>): Promise<T> => {
    try {
      return await use();
    } catch (error) {
      throw new OptionError(key, error);
    }
  };
  const read =
    proto === null ? [] : await named(protoKey, () => readProtoFiles(library, proto.files, proto.importPaths));
  const set = descriptorSet === '' ? [] : await named(setKey, () => readDescriptorSet(library, descriptorSet));
  const from = proto?.files.join(', ') ?? descriptorSet;
  return named(proto === null ? setKey : protoKey, () => schemaOf(library, [...read, ...set], from));
}

function schemaOf(library: ProtobufLibrary, files: Reflected['files'], from: string): Schema {
  try {
    return new Schema(library, files);
  } catch (cause) {
    const hint = 'the descriptors contradict each other, or some are missing';
    throw new ElpisError('ELPIS_GUN', `${from}: ${describeError(cause)}`, { cause, hint });
  }
}

/** The calls of server reflection: how they reach the server. */
export interface ReflectionClient extends Omit<StreamingCallOptions, 'head'> {
  readonly authority: string;
  readonly userAgent: string;
}

/** What to do about a question to the server that failed. @param otherwise When it did not fail by TLS. */
export function askingHint(cause: unknown, otherwise: string): string {
  const byTls = cause instanceof GrpcError && cause.failure?.errorName === NET_FAILURE.tls.errorName;
  return byTls ? 'check tls.verify, tls.ca, tls.server-name, tls.cert and tls.key' : otherwise;
}

/** Asks by one version of reflection after the other, until a server knows it. */
async function ask(library: ProtobufLibrary, client: ReflectionClient, options: SourceOptions, { scheduler }: Deps) {
  const metadata = metadataFields(options.reflectMetadata);
  if (typeof metadata === 'string') throw new Error(`reflect_metadata: ${metadata}`);
  const each = callTimeout(options);
  let last: unknown;
  for (const path of REFLECTION_METHODS) {
    const head = encodeCallHead(path, metadata, { ...client, ssl: client.origin.ssl, timeout: 0, compression: 'none' });
    try {
      const answer = reflected(library, (requests) =>
        streamingCall({ ...client, head, compression: 'none' }, requests),
      );
      return await lastValueFrom(answer.pipe(timeout({ each, scheduler })));
    } catch (error) {
      last = error;
      if (!(error instanceof GrpcError) || error.status !== GRPC_STATUS.unimplemented) break;
    }
  }
  throw last;
}

/**
 * The descriptors of a target: of the files that the options name, else by server reflection.
 *
 * @throws ElpisError `ELPIS_GUN` when the target does not describe itself.
 */
export async function loadSchema(options: SourceOptions, client: ReflectionClient, deps: Deps): Promise<Schema> {
  if (hasFiles(options)) {
    try {
      return await schemaOfFiles(options);
    } catch (error) {
      throw error instanceof OptionError ? error.cause : error;
    }
  }
  const library = await loadProtobuf();
  const at = originPlace(client.origin);
  let found: Reflected;
  try {
    found = await ask(library, client, options, deps);
  } catch (cause) {
    const unknown = cause instanceof GrpcError && cause.status === GRPC_STATUS.unimplemented;
    const hint = unknown
      ? 'the server has no reflection: name its descriptors with proto or descriptor_set'
      : askingHint(cause, 'check target and reflect_port, or name descriptors with proto or descriptor_set');
    throw new ElpisError('ELPIS_GUN', `server reflection of ${at} failed: ${describeError(cause)}`, { cause, hint });
  }
  if (found.missing.length > 0)
    deps.log.warn(`${at} does not describe all of its services`, { missing: found.missing });
  return schemaOf(library, found.files, `server reflection of ${at}`);
}
