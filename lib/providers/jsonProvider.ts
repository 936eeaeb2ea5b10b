import { atLeast } from '../codec/bounds.js';
import { byteSize } from '../codec/byteSize.js';
import { integer } from '../codec/scalars.js';
import { optional, required, struct } from '../codec/struct.js';
import { SOURCES } from '../data/dataParts.js';
import { component } from '../plugin/component.js';
import { filesUnder } from '../plugin/traits.js';
import type { JsonAmmo } from '../protocols/plainAmmo.js';
import { Pullable } from '../pull/pullable.js';
import { type JsonRow, JsonRowDecoder } from './json/jsonDecoder.js';
import { AmmoCursor } from './reading/ammoCursor.js';
import { BadAmmoPolicy } from './reading/ammoError.js';
import { AmmoReader } from './reading/ammoReader.js';

const MIN_BUFFER_SIZE = 4096;

function ammoOf({ tag, value }: JsonRow, id: number): JsonAmmo {
  return { protocol: 'json', id, tag, value };
}

/**
 * The `json` provider: any JSON values, for guns that read them themselves.
 *
 * @example
 * jsonValues({ source: './values.json' });
 */
export const jsonValues = component({
  kind: 'provider',
  name: 'json',
  summary: 'JSON values of any kind, one after another.',
  example: { source: './users.json', passes: 1 },
  parts: () => SOURCES,
  options: ({ source }) =>
    struct('json ammo', {
      /** The source of the values. */
      source: required(source, 'the source of the values'),
      /** How many values are read; 0 for all. */
      limit: optional(atLeast(integer, 0), 0, 'how many values are read; 0 for all'),
      /** How many times the source is read; 0 for no limit. */
      passes: optional(atLeast(integer, 0), 0, 'how many times the source is read; 0 for no limit'),
      /** How many values are decoded ahead. */
      ammoQueueSize: optional(atLeast(integer, 1), 8192, 'how many values are decoded ahead'),
      /** How many bytes are decoded ahead; less than 4kb is 4kb. */
      bufferSize: optional(byteSize, 512 * 1024, 'how many bytes are decoded ahead; less than 4kb is 4kb'),
    }),
  create: (config, deps) => {
    const { limit, passes, ammoQueueSize, bufferSize } = config;
    const { scheduler, log, share } = deps;
    const source = config.source.create(deps);
    return new Pullable(
      () => {
        const { name } = source;
        const troubles = new BadAmmoPolicy({ name, tolerant: false, reports: false, log, scheduler });
        const decoding = { name, maxSize: 0, troubles };
        const decoder = () => new JsonRowDecoder(decoding);
        const which = { chosenCases: [], preload: false, emptyPassAllowed: true };
        const reading = new AmmoReader<JsonRow>({ source, decoder, limit, passes, share, log, troubles, ...which });
        const queueBytes = Math.max(MIN_BUFFER_SIZE, bufferSize);
        return new AmmoCursor(reading, { make: ammoOf, queueSize: ammoQueueSize, queueBytes });
      },
      { scheduler },
    );
  },
  describe: ({ source }) => `json from ${source.describe()}`,
  traits: ({ source, limit, passes }) => ({
    makes: ['json'],
    endless: limit === 0 && passes === 0,
    stdin: source.traits.stdin === true,
    ...filesUnder('source', source),
  }),
});
