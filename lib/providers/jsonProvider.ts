import { atLeast } from '../codec/atLeast.js';
import { byteSize } from '../codec/byteSize.js';
import { integer } from '../codec/integer.js';
import { optional } from '../codec/optional.js';
import { required } from '../codec/required.js';
import { struct } from '../codec/struct.js';
import { Pullable } from '../coreutil/pullable.js';
import { defineComponent } from '../plugin/defineComponent.js';
import type { JsonAmmo } from '../protocols/jsonAmmo.js';
import { type JsonRow, JsonRowDecoder } from './json/jsonRowDecoder.js';
import { AmmoCursor } from './reading/ammoCursor.js';
import { Reading } from './reading/reading.js';
import { Troubles } from './reading/troubles.js';

const SMALLEST_BUFFER = 4096;

function ammoOf({ tag, value }: JsonRow, id: number): JsonAmmo {
  return { protocol: 'json', id, tag, value };
}

/** The `json` provider: any JSON values, for guns that make their own sense of them. */
export const jsonProvider = defineComponent({
  kind: 'provider',
  name: 'json',
  summary: 'JSON values of any kind, one after another.',
  codec: (plugins) =>
    struct('json ammo', {
      source: required(plugins.source, 'where the values are'),
      limit: optional(atLeast(integer, 0), 0, 'how many values are read; 0 for all'),
      passes: optional(atLeast(integer, 0), 0, 'how many times the source is read; 0 for endlessly'),
      ammoQueueSize: optional(atLeast(integer, 1), 8192, 'how many values are decoded ahead'),
      bufferSize: optional(byteSize, 512 * 1024, 'how many bytes are decoded ahead; less than 4kb is 4kb'),
    }),
  create: (config, deps) => {
    const { limit, passes, ammoQueueSize, bufferSize } = config;
    const { scheduler, log, share } = deps;
    const source = config.source.create(deps);
    return new Pullable(
      () => {
        const decoding = { name: source.name, maxSize: 0, troubles: new Troubles({ tolerant: false, log, scheduler }) };
        const decoder = () => new JsonRowDecoder(decoding);
        const which = { chosenCases: [], preload: false, emptyPassAllowed: true };
        const reading = new Reading<JsonRow>({ source, decoder, limit, passes, share, log, ...which });
        const queueBytes = Math.max(SMALLEST_BUFFER, bufferSize);
        return new AmmoCursor(reading, { make: ammoOf, queueSize: ammoQueueSize, queueBytes });
      },
      { scheduler },
    );
  },
});
