import { defaultsOf } from '../codec/defaultsOf.js';
import { flag } from '../codec/flag.js';
import { listOf } from '../codec/listOf.js';
import { nonEmpty } from '../codec/nonEmpty.js';
import { oneOf } from '../codec/oneOf.js';
import { optional } from '../codec/optional.js';
import { required } from '../codec/required.js';
import { struct } from '../codec/struct.js';
import { text } from '../codec/text.js';
import type { PluginCodecs } from '../plugin/descriptor.js';
import { logCodec } from './logCodec.js';
import { monitoringCodec } from './monitoringCodec.js';
import { operatorsCodec } from './operatorsCodec.js';
import { overflowCodec } from './overflowCodec.js';
import { poolRules } from './poolRules.js';
import { resultCodec } from './resultCodec.js';
import { threadsCodec } from './threadsCodec.js';

/** The top level of a config, with the components that the given codecs know. */
export function mainCodec(plugins: PluginCodecs) {
  const operators = operatorsCodec(plugins);
  const pool = struct('pool', {
    id: optional(text, '', 'names the pool in messages and reports; pool_0, pool_1 and so on when empty'),
    gun: required(plugins.gun, 'what shoots'),
    ammo: required(plugins.provider, 'what is shot'),
    result: required(resultCodec(plugins), 'what becomes of the samples'),
    rps: required(plugins.schedule, 'when operations are due'),
    startup: required(plugins.schedule, 'when instances start'),
    rpsPerInstance: optional(flag, false, 'every instance follows its own copy of rps'),
    discardOverflow: optional(flag, true, 'overflow: discard when true, queue when false', 'discard_overflow'),
    overflow: optional(overflowCodec, null, 'what becomes of operations that are due while no instance is free'),
    operators: optional(operators, defaultsOf(operators), 'operators of your own at named points'),
    pacing: optional(
      oneOf(['relaxed', 'precise']),
      'relaxed',
      'relaxed: shots are up to 1 ms late; precise: microseconds, for a core kept busy',
    ),
  });
  return struct('config', {
    pools: required(listOf(poolRules(pool), 'a list of pools, each a map'), 'what is run, side by side'),
    log: optional(logCodec, defaultsOf(logCodec), 'the log of the run'),
    monitoring: optional(monitoringCodec, defaultsOf(monitoringCodec), 'what other programs can watch'),
    threads: optional(threadsCodec, 1, 'how many threads share the run; auto is one per processor'),
    plugins: optional(listOf(nonEmpty), [], 'modules with components of your own: ./my-gun.ts'),
  });
}
