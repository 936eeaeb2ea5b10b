import { struct } from '../codec/struct.js';
import { defineComponent } from '../plugin/defineComponent.js';
import { streamSink } from './streamSink.js';

/** The `stdout` sink. */
export const stdoutSinkComponent = defineComponent({
  kind: 'sink',
  name: 'stdout',
  summary: 'Writes to standard output, which stays open.',
  codec: () => struct('stdout sink', {}),
  create: (_config, deps) => streamSink('stdout', deps.stdout),
});
