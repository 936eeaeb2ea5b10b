import { checked } from '../codec/checked.js';
import { defaultsOf } from '../codec/defaultsOf.js';
import { flag } from '../codec/flag.js';
import { integer } from '../codec/integer.js';
import { optional } from '../codec/optional.js';
import { struct } from '../codec/struct.js';
import { text } from '../codec/text.js';

const inRange = checked(integer, (port) => port >= 0 && port <= 65_535, 'a port from 1 to 65535', 'max', {
  schema: { maximum: 65_535 },
});
/** Pandora calls 0 a missing port, and so do we. */
const port = checked(inRange, (value) => value !== 0, 'a port from 1 to 65535', 'required', { schema: { minimum: 1 } });

const expvar = struct('expvar', {
  enabled: optional(flag, false, 'serve counters over HTTP'),
  port: optional(port, 1234, 'the port'),
});

const profile = (file: string) =>
  struct('profile', {
    enabled: optional(flag, false, 'accepted, without effect: it is a Go profile'),
    file: optional(text, file, 'accepted, without effect'),
  });
const cpuprofile = profile('cpuprofile.log');
const memprofile = profile('memprofile.log');

/** The key `monitoring`. */
export const monitoringCodec = struct('monitoring', {
  expvar: optional(expvar, defaultsOf(expvar), 'counters over HTTP'),
  cpuprofile: optional(cpuprofile, defaultsOf(cpuprofile), 'accepted, without effect'),
  memprofile: optional(memprofile, defaultsOf(memprofile), 'accepted, without effect'),
});
