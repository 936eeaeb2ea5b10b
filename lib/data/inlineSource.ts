import type { DataSource } from '../core/data.js';

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
