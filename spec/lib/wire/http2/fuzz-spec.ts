import { describe, it } from 'node:test';
import { http2OnAnything, http2OnFrames } from '../../../../scripts/soak/fuzzers/http2.js';

describe('a connection of HTTP/2', () => {
  it(http2OnFrames.holds, () => http2OnFrames.assert(300));
  it(http2OnAnything.holds, () => http2OnAnything.assert(300));
});
