import { Writable } from 'node:stream';
import type { DataSink } from '../core/data.js';
import type { Descriptor } from '../plugin/descriptor.js';
import { Registry } from '../plugin/registry.js';
import type { VirtualGate } from './virtualGate.js';

const nowhere = (): Writable => new Writable({ write: (_chunk, _encoding, done) => done() });

/**
 * The components of a registry as a rehearsal has them: everything the same, but virtual time waits for the sinks.
 *
 * @param write False: results go nowhere, and no file is opened for them.
 */
export function rehearsalRegistry(from: Registry, gate: VirtualGate, write: boolean): Registry {
  const registry = new Registry();
  for (const descriptor of from.all()) {
    if (descriptor.kind !== 'sink') {
      registry.register(descriptor as Descriptor<typeof descriptor.kind, unknown>);
      continue;
    }
    registry.register({
      ...descriptor,
      create: (config, deps): DataSink => {
        const sink = descriptor.create(config, deps);
        return {
          name: sink.name,
          open: () => {
            const stream = write ? sink.open() : nowhere();
            gate.watch(stream);
            return stream;
          },
        };
      },
    });
  }
  return registry;
}
