import { builtins } from '../builtins/builtins.js';
import type { Descriptor } from '../plugin/descriptor.js';
import { Registry } from '../plugin/registry.js';
import type { PortSinks } from './portSinks.js';

/** The built-in components as a thread has them: everything the same, but sinks write through the coordinating thread. */
export function threadRegistry(sinks: PortSinks): Registry {
  const registry = new Registry();
  for (const descriptor of builtins().all()) {
    if (descriptor.kind !== 'sink') {
      registry.register(descriptor as Descriptor<typeof descriptor.kind, unknown>);
      continue;
    }
    const { name, create } = descriptor;
    registry.register({
      ...descriptor,
      create: (config, deps) => sinks.sink(name, config, create(config, deps).name),
    });
  }
  return registry;
}
