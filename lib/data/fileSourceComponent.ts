import { required } from '../codec/required.js';
import { struct } from '../codec/struct.js';
import { defineComponent } from '../plugin/defineComponent.js';
import { existingFile } from '../codec/existingFile.js';
import { fileSource } from './fileSource.js';

/** The `file` source. */
export const fileSourceComponent = defineComponent({
  kind: 'source',
  name: 'file',
  summary: 'Reads a file, unpacked when it is packed with gzip.',
  codec: () => struct('file source', { path: required(existingFile, 'path of the file') }),
  create: ({ path }) => fileSource(path),
});
