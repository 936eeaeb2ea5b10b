import { struct } from '../codec/struct.js';
import { defineComponent } from '../plugin/defineComponent.js';
import { streamSink } from './streamSink.js';

/** The `stderr` sink. */
export const stderrSinkComponent = defineComponent({
  kind: 'sink',
  name: 'stderr',
  summary: 'Writes to standard error, which stays open.',
  codec: () => struct('stderr sink', {}),
  create: (_config, deps) => streamSink('stderr', deps.stderr),
});
