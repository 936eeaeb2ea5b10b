import { text } from '../codec/scalars.js';
import { required, struct } from '../codec/struct.js';
import type { DataSource } from '../core/data.js';
import { component } from '../plugin/component.js';

/** Bytes in the config or in code. */
export function sourceOfBytes(data: string | Uint8Array): DataSource {
  const content = typeof data === 'string' ? Buffer.from(data) : data;
  return {
    name: 'inline',
    rereadable: true,
    content,
    async *open() {
      yield content;
    },
  };
}

/** The `inline` source. @example inlineSource({ data: 'text' }) */
export const inlineSource = component({
  kind: 'source',
  name: 'inline',
  summary: 'Contains its data in the config.',
  example: { data: '/\n/bytes/100 page\n' },
  options: struct('inline source', {
    /** The content. */
    data: required(text, 'the content'),
  }),
  create: ({ data }) => sourceOfBytes(data),
  describe: ({ data }) => `inline, ${Buffer.byteLength(data).toLocaleString('en-US')} bytes`,
  traits: ({ data }) => ({ peek: () => ({ bytes: Buffer.from(data), whole: true }) }),
});
