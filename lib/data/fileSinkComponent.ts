import { checked } from '../codec/checked.js';
import { required } from '../codec/required.js';
import { struct } from '../codec/struct.js';
import { text } from '../codec/text.js';
import { defineComponent } from '../plugin/defineComponent.js';
import { fileSink } from './fileSink.js';

const path = checked(text, (value) => value !== '', 'a path', 'required', { schema: { minLength: 1 } });

/** The `file` sink. */
export const fileSinkComponent = defineComponent({
  kind: 'sink',
  name: 'file',
  summary: 'Writes a file, created or truncated when the run starts.',
  codec: () => struct('file sink', { path: required(path, 'path of the file') }),
  create: (config) => fileSink(config.path),
});
