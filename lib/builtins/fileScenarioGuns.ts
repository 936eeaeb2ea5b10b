import { atLeastMs } from '../codec/duration.js';
import { optional, refineStruct, struct } from '../codec/struct.js';
import { defined } from '../core/defined.js';
import type { Deps } from '../core/deps.js';
import type { GunFactory } from '../core/gun.js';
import { describeGrpc, grpcTraits } from '../guns/grpc/gun.js';
import { grpcGunConfig, reflectIssue } from '../guns/grpc/options.js';
import { GrpcTransports } from '../guns/grpc/transport.js';
import { HttpTransports } from '../guns/http/transport.js';
import { Http2Transports } from '../guns/http2/transport.js';
import {
  describeHttp,
  type HttpGunConfig,
  http2GunConfig,
  http2Traits,
  httpGunConfig,
  httpTraits,
} from '../guns/shared/httpOptions.js';
import { component } from '../plugin/component.js';
import type { AmmoKind, ComponentTraits } from '../plugin/traits.js';
import type { NetSample } from '../protocols/netSample.js';
import type { Transports } from '../protocols/transport.js';
import type { ScenarioAmmo } from '../scenario/scenarioAmmo.js';
import { scenarioGuns } from '../scenario/scenarioGun.js';

const SCENARIO_TIMEOUT = 'most time for a scenario from its start to its end; 0 = no limit';

/** The option that the guns of scenario files have besides those of their transport. */
export const fileScenarioOptions = {
  /** Most time for a scenario from its start to its end; 0 = no limit. */
  scenarioTimeout: optional(atLeastMs(0), 0, SCENARIO_TIMEOUT),
};

/**
 * The guns of scenario files over any transport: as {@link scenarioGuns}, without cookies, and files of results have the samples of
 * requests only.
 */
export function fileScenarioGuns<R>(
  transports: Transports<R>,
  scenarioTimeoutMs: number,
  deps: Deps,
): GunFactory<ScenarioAmmo, NetSample> {
  return scenarioGuns({ transports, cookies: 'off', scenarioTimeoutMs, writeScenarios: false, deps });
}

const HTTP_AMMO = ['http/scenario', 'scenario'];
const GRPC_AMMO = ['grpc/scenario', 'scenario'];

/**
 * The traits of a gun of scenario files, from those of the gun that shoots single requests.
 *
 * @param takes The ammo whose requests its transport carries.
 */
export function fileScenarioTraits(
  { protocol, connections, timeoutMs, files, ammoFaults }: ComponentTraits['gun'],
  scenarioTimeoutMs: number,
  takes: readonly AmmoKind[] = HTTP_AMMO,
): ComponentTraits['gun'] {
  return {
    takes,
    cookies: 'off',
    retags: false,
    scenarioTimeoutMs,
    writesScenarios: false,
    ...defined({ protocol, connections, timeoutMs, files, ammoFaults }),
  };
}

/** A scenario gun keeps to its own client, and has tags of its own, as Pandora's: both options are taken and have no effect. */
const ownClient = <C extends HttpGunConfig>(options: C): C => ({
  ...options,
  sharedClient: { ...options.sharedClient, enabled: false },
  autoTag: { ...options.autoTag, enabled: false },
});

/**
 * Plays scenario files of Pandora over HTTP/1.1: each shot is one scenario from beginning to end, and each of its requests is a sample
 * with the tag `SCENARIO.REQUEST`. Its options are those of the HTTP gun and `scenario-timeout`. It also plays scenarios in code.
 *
 * @example httpScenarioGun({ target: 'localhost:8080', answlog: { enabled: true } })
 */
export const httpScenarioGun = component({
  kind: 'gun',
  name: 'http/scenario',
  summary: 'Plays scenario files, whose requests go over HTTP/1.1.',
  example: { target: 'localhost:8080', responseHeaderTimeout: '5s' },
  options: struct('http/scenario gun', { ...httpGunConfig.fields, ...fileScenarioOptions }),
  create: (options, deps) =>
    fileScenarioGuns(
      new HttpTransports(ownClient(options), deps, undefined, { logSteps: true }),
      options.scenarioTimeout,
      deps,
    ),
  describe: (options) => describeHttp('scenario files', options),
  traits: (options) => fileScenarioTraits(httpTraits(ownClient(options)), options.scenarioTimeout),
});

/**
 * Plays scenario files of Pandora over HTTP/2, as {@link httpScenarioGun} does over HTTP/1.1. Its options are those of the HTTP/2 gun and
 * `scenario-timeout`; `ssl` is true by default.
 *
 * @example http2ScenarioGun({ target: 'localhost:8443', answlog: { enabled: true } })
 */
export const http2ScenarioGun = component({
  kind: 'gun',
  name: 'http2/scenario',
  summary: 'Plays scenario files, whose requests go over HTTP/2.',
  example: { target: 'localhost:8080', responseHeaderTimeout: '5s' },
  options: struct('http2/scenario gun', { ...http2GunConfig.fields, ...fileScenarioOptions }),
  create: (options, deps) =>
    fileScenarioGuns(
      new Http2Transports(ownClient(options), deps, undefined, { logSteps: true }),
      options.scenarioTimeout,
      deps,
    ),
  describe: (options) => describeHttp('scenario files over HTTP/2', options),
  traits: (options) => fileScenarioTraits(http2Traits(ownClient(options)), options.scenarioTimeout),
});

/**
 * Plays scenario files of Pandora over gRPC: each shot is one scenario from beginning to end, and each of its calls is a sample with the
 * tag `SCENARIO.TAG`. Its options are those of the gRPC gun and `scenario-timeout`. It also plays scenarios in code, whose calls may have
 * streams.
 *
 * @example grpcScenarioGun({ target: 'localhost:8080', answlog: { enabled: true } })
 */
export const grpcScenarioGun = component({
  kind: 'gun',
  name: 'grpc/scenario',
  summary: 'Plays scenario files, whose calls go over gRPC.',
  example: { target: 'localhost:8080', timeout: '5s' },
  options: refineStruct(struct('grpc/scenario gun', { ...grpcGunConfig.fields, ...fileScenarioOptions }), reflectIssue),
  create: (options, deps) => fileScenarioGuns(new GrpcTransports(options, deps), options.scenarioTimeout, deps),
  describe: (options) => describeGrpc('scenario files', options),
  traits: (options) => fileScenarioTraits(grpcTraits(options), options.scenarioTimeout, GRPC_AMMO),
});
