import { fileSource } from '../../../lib/data/file.js';
import { inlineSource } from '../../../lib/data/inline.js';
import { stdinSource } from '../../../lib/data/std.js';
import { urlSource } from '../../../lib/data/url.js';
import { Registry } from '../../../lib/plugin/registry.js';
import { dummy, num } from '../../../lib/providers/counted.js';
import { grpcJson } from '../../../lib/providers/grpc/grpcJson.js';
import { headerDate } from '../../../lib/providers/http/dateHeader.js';
import { httpAmmoFile, httpJson, raw, uri, uripost } from '../../../lib/providers/http/providers.js';
import { jsonValues } from '../../../lib/providers/jsonProvider.js';

/** All providers, with the sources that they read from. */
export function ammoRegistry(): Registry {
  return new Registry()
    .register(uri)
    .register(uripost)
    .register(raw)
    .register(httpJson)
    .register(httpAmmoFile)
    .register(grpcJson)
    .register(jsonValues)
    .register(num)
    .register(dummy)
    .register(headerDate)
    .register(fileSource)
    .register(stdinSource)
    .register(inlineSource)
    .register(urlSource);
}
