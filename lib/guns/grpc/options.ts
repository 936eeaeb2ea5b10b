import { isLeft } from 'fp-ts/lib/Either.js';
import { byteSize } from '../../codec/byteSize.js';
import { listOf, mapOf } from '../../codec/collections.js';
import { duration } from '../../codec/duration.js';
import { flagOr } from '../../codec/flagOr.js';
import type { Codec, IssueReason } from '../../codec/issue.js';
import { type Endpoint, endpoint, endpointOrSocket } from '../../codec/net.js';
import { filePath, optionalPath } from '../../codec/paths.js';
import { flag, integer, oneOf, type Parsed, scalar, text } from '../../codec/scalars.js';
import { defaultsOf, optional, refineStruct, required, type StructOf, struct } from '../../codec/struct.js';
import { tlsConfig } from '../shared/tlsOptions.js';

const SECOND = 1000;
const DEFAULT_TIMEOUT = 15 * SECOND;
const TLS_PORT = 443;
const SCHEME = /^(?:dns|passthrough):(?:\/\/[^/]*\/)?/;

const UNIX = 'unix:';

/** A Unix socket; grpc-go may write two slashes before an absolute path. */
function socketTarget(raw: string): Parsed<Endpoint> {
  const decoded = endpointOrSocket.decode(raw.replace(/^unix:\/\/(?=\/)/, UNIX));
  if (isLeft(decoded)) return { code: 'endpoint', hint: 'write the path of the socket: unix:/run/app.sock' };
  return { value: { ...decoded.right, text: raw } };
}

/** The target of a gRPC client: host and port or Unix socket as in the other guns, or as grpc-go writes it. */
export const grpcTarget: Codec<Endpoint, string> = scalar<Endpoint, string>(
  {
    name: 'host:port such as localhost:50051, or unix:/path',
    schema: { type: 'string', minLength: 1 },
    encode: ({ text: written }) => written,
  },
  (raw) => {
    if (typeof raw !== 'string') return { code: 'wrong-type' };
    if (raw.startsWith(UNIX)) return socketTarget(raw);
    const plain = raw.replace(SCHEME, '');
    const decoded = endpoint.decode(/:\d+$/.test(plain) ? plain : `${plain}:${TLS_PORT}`);
    if (plain === '' || isLeft(decoded)) return { code: 'endpoint', hint: 'write a host and a port, without http://' };
    return { value: { ...decoded.right, text: raw } };
  },
);

const dialOptions = struct('dial_options', {
  /** The authority of the calls, instead of the target. */
  authority: optional(text, '', 'the authority of the calls, instead of the target'),
  /** Accepted; the limit of a call is also that of its connection. */
  timeout: optional(duration, SECOND, 'accepted; the limit of a call is also that of its connection'),
});

const answlogOptions = struct('answlog', {
  /** Write calls and their responses to a file. */
  enabled: optional(flag, false, 'write calls and their responses to a file'),
  /** The file. */
  path: optionalPath('answ.log', 'the file'),
  /** All; warning = code >= 400; error = code >= 500. */
  filter: optional(oneOf(['all', 'warning', 'error']), 'all', 'all; warning = code >= 400; error = code >= 500'),
});

const sharedClient = struct('shared-client', {
  /** Share clients, and therefore connections, between instances. */
  enabled: optional(flag, false, 'share clients, and therefore connections, between instances'),
  /** The number of clients; less than 1 means 1. */
  clientNumber: optional(integer, 1, 'the number of clients; less than 1 means 1'),
});

const NO_TEXTS: readonly string[] = [];
const NO_METADATA: Readonly<Record<string, string>> = {};

const protoOptions = struct('proto', {
  /** The .proto files. */
  files: required(listOf(filePath), 'the .proto files'),
  /** The folders in which imports are searched. */
  importPaths: optional(listOf(filePath), NO_TEXTS, 'the folders in which imports are searched', 'import_paths'),
});

const healthOptions = struct('health', {
  /** Ask grpc.health.v1 before the run. */
  enabled: optional(flag, false, 'ask grpc.health.v1 before the run'),
  /** The service to ask for; empty for the server as a whole. */
  service: optional(text, '', 'the service to ask for; empty for the server as a whole'),
  /** How long to ask again until it serves. */
  wait: optional(duration, 0, 'how long to ask again until it serves'),
});

/** The options that the gRPC guns have in common (names and defaults of Pandora 0.5.29; the last six are added). */
export const grpcFields = {
  /** Where to connect, host:port or unix:/path. */
  target: required(grpcTarget, 'where to connect, host:port or unix:/path'),
  /** How long a call may take, with its connection; 0 = 15s. */
  timeout: optional(duration, 0, 'how long a call may take, with its connection; 0 = 15s'),
  /** Speak TLS, also for reflection; true accepts any certificate, a map has options. */
  tls: optional(
    flagOr(tlsConfig),
    false,
    'speak TLS, also for reflection; true accepts any certificate, a map has options',
  ),
  /** The port of server reflection; 0 = that of the target. */
  reflectPort: optional(integer, 0, 'the port of server reflection; 0 = that of the target', 'reflect_port'),
  /** Metadata of server reflection. */
  reflectMetadata: optional(mapOf(text), NO_METADATA, 'metadata of server reflection', 'reflect_metadata'),
  /** How connections are made. */
  dialOptions: optional(dialOptions, defaultsOf(dialOptions), 'how connections are made', 'dial_options'),
  /** Log of calls and responses. */
  answlog: optional(answlogOptions, defaultsOf(answlogOptions), 'log of calls and responses'),
  /** Descriptors from .proto files, instead of server reflection. */
  proto: optional(protoOptions, null, 'descriptors from .proto files, instead of server reflection'),
  /** Descriptors from a file that protoc or buf has written, instead of server reflection. */
  descriptorSet: optional(
    filePath,
    '',
    'descriptors from a file that protoc or buf has written, instead of server reflection',
    'descriptor_set',
  ),
  /** How request messages are packed. */
  compression: optional(oneOf(['none', 'gzip']), 'none', 'how request messages are packed'),
  /** Most bytes of a response message, also unpacked. */
  maxReceiveSize: optional(
    byteSize,
    4 * 1024 * 1024,
    'most bytes of a response message, also unpacked',
    'max_receive_size',
  ),
  /** The user-agent of the calls. */
  userAgent: optional(text, 'load test, elpis grpc', 'the user-agent of the calls', 'user_agent'),
  /** A question to the server before the run. */
  health: optional(healthOptions, defaultsOf(healthOptions), 'a question to the server before the run'),
};

/** What is wrong with a target and `reflect_port` together. */
export function reflectIssue({
  target,
  reflectPort,
}: {
  readonly target: Endpoint;
  readonly reflectPort: number;
}): IssueReason | undefined {
  if (target.socketPath === undefined || reflectPort <= 0) return undefined;
  const hint = 'a Unix socket has no port; remove reflect_port';
  return { code: 'bad-value', expected: 'a target with a host', hint };
}

/** Options of the `grpc` gun. */
export const grpcGunConfig = refineStruct(
  struct('grpc gun', {
    ...grpcFields,
    /** Clients shared by instances. */
    sharedClient: optional(sharedClient, defaultsOf(sharedClient), 'clients shared by instances'),
  }),
  reflectIssue,
);

/** Decoded form of {@link grpcGunConfig}. */
export type GrpcGunConfig = StructOf<typeof grpcGunConfig.fields>;

/** The time limit of a call. */
export function callTimeout({ timeout }: Pick<GrpcGunConfig, 'timeout'>): number {
  return timeout > 0 ? timeout : DEFAULT_TIMEOUT;
}
