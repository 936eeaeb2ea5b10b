import { isLeft } from 'fp-ts/lib/Either.js';
import { defaultIfEmpty, from, lastValueFrom, map, type Observable, type ObservableInput } from 'rxjs';
import type { CodecIssue } from '../../codec/issue.js';
import { ConfigError, drawIssues } from '../../codec/report/configError.js';
import { issuesOf } from '../../codec/report/issues.js';
import type { Deps } from '../../core/deps.js';
import { ElpisError } from '../../core/errors.js';
import { defaultDeps } from '../../plugin/defaultDeps.js';
import type { ExactJsonMap } from '../../protocols/exactJson.js';
import type { GrpcMetadata } from '../../protocols/grpc.js';
import { encodeCallHead, metadataFields } from '../../wire/grpc/callHead.js';
import { streamingCall } from '../../wire/grpc/streamingCall.js';
import type { Http2Client } from '../../wire/http2/http2Client.js';
import type { ClientLease } from '../shared/sharedClients.js';
import { type GrpcGunConfig, grpcGunConfig } from './options.js';
import { GrpcGunResources } from './resources.js';

/** The options of {@link grpcClient}, written as those of the `grpc` gun. */
export type GrpcClientOptions = (typeof grpcGunConfig)['_O'];

function decoded(written: GrpcClientOptions): GrpcGunConfig {
  const config = grpcGunConfig.decode(written);
  if (!isLeft(config)) return config.right;
  const issues = issuesOf(config.left as CodecIssue[]);
  throw new ConfigError(drawIssues(issues, { name: 'grpcClient' }), issues);
}

/** A gRPC client for code: calls of every kind, whose messages are Observables of plain objects. */
export class GrpcClient {
  readonly #resources: GrpcGunResources;
  readonly #options: GrpcGunConfig;
  #lease: ClientLease<Http2Client> | undefined;

  private constructor(options: GrpcGunConfig, deps: Deps) {
    this.#options = options;
    this.#resources = new GrpcGunResources(options, deps);
  }

  /** Loads the descriptors and returns a client. */
  static async open(options: GrpcClientOptions, deps: Deps): Promise<GrpcClient> {
    const client = new GrpcClient(decoded(options), deps);
    await lastValueFrom(client.#resources.warmUp().pipe(defaultIfEmpty(undefined)));
    return client;
  }

  /** The names of all methods, `package.Service.Method`. */
  get methods(): readonly string[] {
    return this.#resources.context.schema.methods;
  }

  /**
   * Calls a method: unary, or with streams of either side. Subscribing calls once.
   *
   * - Sends each message when `messages` emits it; the completion of `messages` ends the side of the client.
   * - Emits the messages of the server in the JSON form of protobuf, and completes with the status OK.
   * - Errors with a `GrpcError` for another status, and for a connection that fails; with a `MessageFault` for a message that does
   *   not fit.
   * - Unsubscribing cancels the call.
   *
   * @param method `package.Service.Method`.
   * @param messages The request messages: an object for unary calls, or any stream of objects.
   * @throws ElpisError `ELPIS_SHOT` for a method that the server does not have, and for metadata that cannot be sent.
   */
  call(method: string, messages: ObservableInput<ExactJsonMap>, metadata: GrpcMetadata = {}): Observable<ExactJsonMap> {
    const { schema, heads, target, receiving } = this.#resources.context;
    const described = schema.method(method);
    if (described === undefined) {
      const hint = schema.hintFor(method);
      throw new ElpisError('ELPIS_SHOT', `the method ${JSON.stringify(method)} is unknown`, { hint });
    }
    const fields = metadataFields(metadata);
    if (typeof fields === 'string') throw new ElpisError('ELPIS_SHOT', fields);
    // A stream may be open for any time.
    const head = encodeCallHead(described.path, fields, { ...heads, timeout: 0 });
    this.#lease ??= this.#resources.client();
    const call = {
      client: this.#lease.client,
      origin: target,
      head,
      receiving,
      compression: this.#options.compression,
    };
    return streamingCall(call, from(messages).pipe(map((message) => described.encode(message)))).pipe(
      map((bytes) => described.response(bytes).json as ExactJsonMap),
    );
  }

  /** Closes the connections. Calls under way fail. */
  async close(): Promise<void> {
    this.#lease?.close();
    await lastValueFrom(this.#resources.close().pipe(defaultIfEmpty(undefined)));
  }
}

/**
 * Opens a gRPC client for code, such as a gun or a test of your own. Its options are those of the `grpc` gun.
 *
 * @param options `target`, and where the descriptors come from: server reflection when nothing else is said.
 * @param deps What is used instead of this process and real time.
 * @throws ElpisError `ELPIS_GUN` when there are no descriptors, `ELPIS_CONFIG` for wrong options.
 * @example
 * const client = await grpcClient({ target: 'localhost:8080' });
 * client.call('target.Troubles.Echo', interval(100).pipe(take(3), map((number) => ({ number })))).subscribe(console.log);
 * @see grpc
 */
export function grpcClient(options: GrpcClientOptions, deps: Partial<Deps> = {}): Promise<GrpcClient> {
  return GrpcClient.open(options, { ...defaultDeps(), ...deps });
}
