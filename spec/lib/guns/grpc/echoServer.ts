import {
  type GrpcObject,
  type handleBidiStreamingCall,
  type handleClientStreamingCall,
  type handleServerStreamingCall,
  type handleUnaryCall,
  loadPackageDefinition,
  Metadata,
  Server,
  ServerCredentials,
  type ServiceClientConstructor,
  type ServiceDefinition,
} from '@grpc/grpc-js';
import { loadSync, type PackageDefinition } from '@grpc/proto-loader';
import { ReflectionService } from '@grpc/reflection';
import type { Endpoint } from '../../../../lib/codec/net.js';
import { selfSigned } from '../selfSigned.js';

/** A message of echo.proto. */
export interface EchoRequest {
  readonly text: string;
  readonly user_id: string;
  readonly status: number;
  readonly delay_ms: number;
  readonly count: number;
  readonly padding: number;
}

interface EchoResponse {
  readonly text?: string;
  readonly user_id?: string;
  readonly padding?: Buffer;
  readonly metadata?: Record<string, string>;
  readonly user_agent?: string;
}

/** A running server of echo.proto. */
export interface EchoServer {
  readonly target: Endpoint;
  /** Calls by method, as the server counted them. */
  readonly calls: Map<string, number>;
  /** Requests of the last call. */
  readonly requests: EchoRequest[];
  /** The metadata of the last call. */
  metadata: Metadata;
  close(): void;
}

export const ECHO_PROTO = 'spec/lib/guns/grpc/echo.proto';

/** Options of {@link echoServer}. */
export interface EchoOptions {
  /** Listens on a Unix socket. Default: on a port. */
  readonly socketPath?: string;
  readonly tls?: boolean;
  /** The certificate of the server. Default: one for localhost. */
  readonly certificate?: { readonly key: string; readonly cert: string };
  /** Refuses clients without a certificate that this one has signed. */
  readonly clientCa?: string;
  /** Offers server reflection, with v1 or only with v1alpha. Default v1. */
  readonly reflection?: 'v1' | 'v1alpha' | 'none';
  /** Health of the whole server; absent without the health service. */
  readonly health?: () => Health;
}

function textOf(metadata: Metadata): Record<string, string> {
  return Object.fromEntries(
    Object.entries(metadata.getMap()).map(([name, value]) => [
      name,
      Buffer.isBuffer(value) ? value.toString('hex') : value,
    ]),
  );
}

type Health = 'SERVING' | 'NOT_SERVING';

const HEALTH_PROTO = 'spec/lib/guns/grpc/health.proto';
const LOADING = { keepCase: true, longs: String, enums: String, defaults: true };

/** A service of a loaded package. */
function serviceOf(definition: PackageDefinition, name: string): ServiceDefinition {
  const parts = name.split('.');
  const found = parts.reduce<unknown>((at, part) => (at as GrpcObject)[part], loadPackageDefinition(definition));
  return (found as ServiceClientConstructor).service;
}

function addReflection(server: Server, definition: PackageDefinition, version: 'v1' | 'v1alpha'): void {
  new ReflectionService(definition).addToServer({
    addService(service, implementation) {
      const [path = ''] = Object.values(service).map((method) => method.path);
      if (version === 'v1' || path.includes('v1alpha')) server.addService(service, implementation);
    },
  });
}

function addHealth(server: Server, health: () => Health): void {
  const check: handleUnaryCall<{ service: string }, { status: Health }> = (_call, callback) =>
    callback(null, { status: health() });
  server.addService(serviceOf(loadSync(HEALTH_PROTO, LOADING), 'grpc.health.v1.Health'), { Check: check });
}

/** A server by grpc-js, which shares no code with the gun. */
export async function echoServer(options: EchoOptions = {}): Promise<EchoServer> {
  const { tls = false, reflection = 'v1', health, certificate = selfSigned(), clientCa } = options;
  const definition = loadSync(ECHO_PROTO, LOADING);
  const server = new Server({ 'grpc.max_receive_message_length': -1 });
  const calls = new Map<string, number>();
  const requests: EchoRequest[] = [];
  const seen = { metadata: new Metadata() };
  const count = (method: string, metadata: Metadata): void => {
    calls.set(method, (calls.get(method) ?? 0) + 1);
    requests.length = 0;
    seen.metadata = metadata;
  };
  const response = ({ text, user_id, padding }: EchoRequest, metadata: Metadata): EchoResponse => ({
    ...{ text, user_id, padding: Buffer.alloc(padding), metadata: textOf(metadata) },
    user_agent: String(metadata.get('user-agent')[0]),
  });
  const unary: handleUnaryCall<EchoRequest, EchoResponse> = ({ request, metadata }, callback) => {
    count('Unary', metadata);
    requests.push(request);
    const { status, text } = request;
    const respond = (): void => {
      if (status === 0) callback(null, response(request, metadata));
      else callback({ code: status, details: text });
    };
    if (request.delay_ms > 0) setTimeout(respond, request.delay_ms).unref();
    else respond();
  };
  const down: handleServerStreamingCall<EchoRequest, EchoResponse> = (call) => {
    count('Down', call.metadata);
    requests.push(call.request);
    for (let i = 0; i < call.request.count; i++) call.write({ text: `${call.request.text} ${i}` });
    if (call.request.status === 0) call.end();
    else call.emit('error', { code: call.request.status, details: call.request.text });
  };
  const up: handleClientStreamingCall<EchoRequest, EchoResponse> = (call, callback) => {
    count('Up', call.metadata);
    call.on('data', (request: EchoRequest) => requests.push(request));
    call.on('end', () => callback(null, { text: requests.map(({ text }) => text).join(' ') }));
  };
  const both: handleBidiStreamingCall<EchoRequest, EchoResponse> = (call) => {
    count('Both', call.metadata);
    call.on('data', (request: EchoRequest) => {
      requests.push(request);
      call.write({ text: `${request.text}!` });
    });
    call.on('end', () => call.end());
  };
  server.addService(serviceOf(definition, 'elpis.test.Echo'), { Unary: unary, Down: down, Up: up, Both: both });
  if (reflection !== 'none') addReflection(server, definition, reflection);
  if (health !== undefined) addHealth(server, health);
  const pair = { private_key: Buffer.from(certificate.key), cert_chain: Buffer.from(certificate.cert) };
  const roots = clientCa === undefined ? null : Buffer.from(clientCa);
  const credentials = tls
    ? ServerCredentials.createSsl(roots, [pair], clientCa !== undefined)
    : ServerCredentials.createInsecure();
  const port = await new Promise<number>((resolve, reject) => {
    const address = options.socketPath === undefined ? '127.0.0.1:0' : `unix:${options.socketPath}`;
    server.bindAsync(address, credentials, (error, bound) => (error === null ? resolve(bound) : reject(error)));
  });
  return {
    target: { host: '127.0.0.1', port, text: `127.0.0.1:${port}` },
    calls,
    requests,
    get metadata() {
      return seen.metadata;
    },
    close: () => server.forceShutdown(),
  };
}
