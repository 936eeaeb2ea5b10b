import { text } from '../codec/scalars.js';
import { required, struct } from '../codec/struct.js';
import type { DataSource } from '../core/data.js';
import { defineComponent } from '../plugin/descriptor.js';

/** Bytes that stand in the config or in code. */
export function inlineSource(data: string | Uint8Array): DataSource {
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

/** The `inline` source. */
export const inlineSourceComponent = defineComponent({
  kind: 'source',
  name: 'inline',
  summary: 'Holds its data in the config.',
  codec: () => struct('inline source', { data: required(text, 'the content') }),
  create: ({ data }) => inlineSource(data),
});
