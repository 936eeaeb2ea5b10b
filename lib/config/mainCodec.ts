import { atLeast } from '../codec/atLeast.js';
import { atMost } from '../codec/atMost.js';
import { checked } from '../codec/checked.js';
import type { Codec } from '../codec/codec.js';
import { defaultsOf } from '../codec/defaultsOf.js';
import { flag } from '../codec/flag.js';
import { integer } from '../codec/integer.js';
import { listOf } from '../codec/listOf.js';
import { optional } from '../codec/optional.js';
import { required } from '../codec/required.js';
import { type StructOf, struct } from '../codec/struct.js';
import { text } from '../codec/text.js';
import type { PluginCodecs } from '../plugin/descriptor.js';
import { logLevel } from './logLevel.js';
import { oneOrMore } from './oneOrMore.js';

const log = struct('log', {
  level: optional(logLevel, 'info', 'debug, info, warn, error, dpanic, panic or fatal'),
  file: optional(text, 'stdout', 'stdout, stderr or a path, which is appended to'),
});

const nonZeroPort = checked(
  atMost(atLeast(integer, 0), 65_535),
  (port) => port !== 0,
  'a port from 1 to 65535',
  'required',
);
const expvar = struct('expvar', {
  enabled: optional(flag, false, 'serve live counters'),
  port: optional(nonZeroPort, 1234, 'port of the counters'),
});
const profile = (file: string) =>
  struct('profile', {
    enabled: optional(flag, false, 'accepted for compatibility; use node --cpu-prof'),
    file: optional(text, file, 'accepted for compatibility'),
  });
const cpuprofile = profile('cpuprofile.log');
const memprofile = profile('memprofile.log');
const monitoring = struct('monitoring', {
  expvar: optional(expvar, defaultsOf(expvar), 'live counters', 'expvar'),
  cpuprofile: optional(cpuprofile, defaultsOf(cpuprofile), 'accepted for compatibility', 'cpuprofile'),
  memprofile: optional(memprofile, defaultsOf(memprofile), 'accepted for compatibility', 'memprofile'),
});

/** The codec of one pool. */
const poolCodec = (plugins: PluginCodecs) =>
  struct('pool', {
    id: optional(text, '', 'name in logs, errors and results; default pool_<number>'),
    ammo: required(plugins.provider, 'where the ammo comes from'),
    result: required(oneOrMore(plugins.aggregator), 'where the samples go; a list for several'),
    gun: required(plugins.gun, 'what shoots'),
    rps: required(plugins.schedule, 'when shots happen; a list for one after another'),
    startup: required(plugins.schedule, 'when instances start; a list for one after another'),
    rpsPerInstance: optional(flag, false, 'every instance follows its own copy of rps'),
    discardOverflow: optional(flag, true, 'discard operations that are overdue by 2 s', 'discard_overflow'),
  });

/** What the main codec decodes to, before defaults that depend on the place are filled in. */
export type MainConfig = StructOf<ReturnType<typeof mainFields>>;

const mainFields = (plugins: PluginCodecs) => ({
  pools: required(listOf(poolCodec(plugins)), 'what is shot, side by side'),
  log: optional(log, defaultsOf(log), 'the log of the run'),
  monitoring: optional(monitoring, defaultsOf(monitoring), 'live counters'),
  plugins: optional(listOf(text), [], 'modules with components of your own, relative to this file'),
});

/** The codec of a whole configuration. */
export function mainCodec(
  plugins: PluginCodecs,
): Codec<MainConfig> & { readonly fields: ReturnType<typeof mainFields> } {
  return struct('config', mainFields(plugins));
}
