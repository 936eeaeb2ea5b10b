import { fileSourceComponent } from '../../../lib/data/fileSourceComponent.js';
import { inlineSourceComponent } from '../../../lib/data/inlineSourceComponent.js';
import { stdinSourceComponent } from '../../../lib/data/stdinSourceComponent.js';
import { urlSourceComponent } from '../../../lib/data/urlSourceComponent.js';
import { Registry } from '../../../lib/plugin/registry.js';
import { dummyProvider } from '../../../lib/providers/dummyProvider.js';
import { anyHttpProvider } from '../../../lib/providers/http/anyHttpProvider.js';
import { headerDateMiddleware } from '../../../lib/providers/http/headerDateMiddleware.js';
import { httpJsonProvider } from '../../../lib/providers/http/httpJsonProvider.js';
import { rawProvider } from '../../../lib/providers/http/rawProvider.js';
import { uriProvider } from '../../../lib/providers/http/uriProvider.js';
import { uripostProvider } from '../../../lib/providers/http/uripostProvider.js';
import { jsonProvider } from '../../../lib/providers/jsonProvider.js';
import { numProvider } from '../../../lib/providers/numProvider.js';

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
