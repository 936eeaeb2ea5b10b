import { fileSourceComponent } from '../../../lib/data/file.js';
import { inlineSourceComponent } from '../../../lib/data/inline.js';
import { stdinSourceComponent } from '../../../lib/data/std.js';
import { urlSourceComponent } from '../../../lib/data/url.js';
import { Registry } from '../../../lib/plugin/registry.js';
import { dummyProvider, numProvider } from '../../../lib/providers/counted.js';
import { headerDateMiddleware } from '../../../lib/providers/http/dateHeader.js';
import {
  anyHttpProvider,
  httpJsonProvider,
  rawProvider,
  uriProvider,
  uripostProvider,
} from '../../../lib/providers/http/providers.js';
import { jsonProvider } from '../../../lib/providers/jsonProvider.js';

/** All providers, with the sources that they read from. */
export function ammoRegistry(): Registry {
  return new Registry()
    .register(uriProvider)
    .register(uripostProvider)
    .register(rawProvider)
    .register(httpJsonProvider)
    .register(anyHttpProvider)
    .register(jsonProvider)
    .register(numProvider)
    .register(dummyProvider)
    .register(headerDateMiddleware)
    .register(fileSourceComponent)
    .register(stdinSourceComponent)
    .register(inlineSourceComponent)
    .register(urlSourceComponent);
}
