import { byteSize } from '../../codec/byteSize.js';
import { defaultsOf } from '../../codec/defaultsOf.js';
import { duration } from '../../codec/duration.js';
import { endpoint } from '../../codec/endpoint.js';
import { flag } from '../../codec/flag.js';
import { oneOf } from '../../codec/oneOf.js';
import { optional } from '../../codec/optional.js';
import { required } from '../../codec/required.js';
import { type StructOf, struct } from '../../codec/struct.js';
import { unsigned } from '../../codec/unsigned.js';
import { autoTagConfig } from '../shared/autoTagConfig.js';

/** Options of the fetch gun. Durations are nanoseconds. */
export const fetchGunConfig = struct('fetch gun', {
  target: required(endpoint, 'where to connect, host:port'),
  ssl: optional(flag, false, 'speak TLS'),
  verifyCertificates: optional(flag, false, 'refuse certificates that are not trusted'),
  timeout: optional(duration, 0, 'from the start of a shot to the last byte of its body; 0 = no limit'),
  redirect: optional(oneOf(['manual', 'follow', 'error']), 'manual', 'what to do with a redirect'),
  follow: optional(unsigned, 20, 'how many redirects are followed'),
  compress: optional(flag, false, 'accept compressed bodies and decompress them'),
  size: optional(byteSize, 0, 'longest body in bytes, after decompression; 0 = no limit'),
  keepAlive: optional(flag, true, 'keep the connection of an instance for its next request'),
  keepAliveProbes: optional(duration, 120e9, 'idle time before TCP keep-alive probes'),
  autoTag: optional(autoTagConfig, defaultsOf(autoTagConfig), 'tag samples by path'),
});

/** Decoded form of {@link fetchGunConfig}. */
export type FetchGunConfig = StructOf<typeof fetchGunConfig.fields>;
