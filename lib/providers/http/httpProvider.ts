import { Buffer } from 'node:buffer';
import type { StructOf } from '../../codec/struct.js';
import type { DataSource } from '../../core/data.js';
import type { Deps } from '../../core/deps.js';
import { Pullable } from '../../coreutil/pullable.js';
import type { HttpAmmo } from '../../protocols/httpAmmo.js';
import { AmmoCursor } from '../reading/ammoCursor.js';
import { Reading } from '../reading/reading.js';
import { Troubles } from '../reading/troubles.js';
import { httpAmmoMaker } from './httpAmmoMaker.js';
import type { httpFields } from './httpFields.js';
import { HTTP_FORMATS, type HttpFormat } from './httpFormat.js';
import type { HttpRow } from './httpRow.js';

/** The decoded options of a provider of HTTP ammo. */
export type HttpProviderConfig = StructOf<ReturnType<typeof httpFields>>;

function linesSource(lines: readonly string[]): DataSource {
  const content = Buffer.from(lines.join('\n'));
  return {
    name: 'uris',
    rereadable: true,
    content,
    open: async function* () {
      yield content;
    },
  };
}

/** HTTP ammo in one of the formats: decoded in the background, taken one by one, endless or not as configured. */
export function httpProvider(format: HttpFormat, config: HttpProviderConfig, deps: Deps): Pullable<HttpAmmo> {
  const { headers, limit, passes, chosenCases, preload, continueOnError, ammoQueueSize } = config;
  const { scheduler, log, share } = deps;
  const source = config.file?.create(deps) ?? linesSource(config.uris);
  const middlewares = config.middlewares.map((middleware) => middleware.create(deps));
  const open = (): AmmoCursor<HttpRow, HttpAmmo> => {
    const troubles = new Troubles({ tolerant: continueOnError, log, scheduler });
    const decoding = { name: source.name, headers, maxSize: Math.max(0, config.maxAmmoSize), troubles };
    const emptyPassAllowed = format !== 'jsonline';
    const decoder = () => HTTP_FORMATS[format](decoding);
    const reading = new Reading({ source, decoder, limit, passes, chosenCases, preload, emptyPassAllowed, share, log });
    return new AmmoCursor(reading, { make: httpAmmoMaker(middlewares, troubles), queueSize: ammoQueueSize });
  };
  return new Pullable(open, { scheduler });
}
