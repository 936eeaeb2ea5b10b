import type { ComponentKind } from '../core/component.js';
import { ElpisError } from '../core/errors.js';
import type { AnyDescriptor, Descriptor } from './descriptor.js';

/**
 * What can be selected by `type` in a config: a value that is passed around, never a global. Registration is a call.
 *
 * @example
 * const registry = builtins();
 * registry.find('gun', 'http')?.name; // 'http'
 */
export class Registry {
  readonly #byKind = new Map<ComponentKind, Map<string, AnyDescriptor>>();

  /** Adds a component. @throws ElpisError `ELPIS_PLUGIN` when its kind already has that name. */
  register<K extends ComponentKind, C>(descriptor: Descriptor<K, C>): this {
    const names = this.#byKind.get(descriptor.kind) ?? new Map<string, AnyDescriptor>();
    if (names.has(descriptor.name)) {
      throw new ElpisError('ELPIS_PLUGIN', `${descriptor.kind} "${descriptor.name}" is registered twice`, {
        hint: 'give the component another name',
      });
    }
    names.set(descriptor.name, descriptor as AnyDescriptor);
    this.#byKind.set(descriptor.kind, names);
    return this;
  }

  /** The component of that kind and exact name, if there is one. */
  find<K extends ComponentKind>(kind: K, name: string): Descriptor<K, unknown> | undefined {
    return this.#byKind.get(kind)?.get(name) as Descriptor<K, unknown> | undefined;
  }

  /** The names of a kind, in order of registration. */
  names(kind: ComponentKind): readonly string[] {
    return [...(this.#byKind.get(kind)?.keys() ?? [])];
  }

  /** Every component, by kind and in order of registration. */
  all(): readonly AnyDescriptor[] {
    return [...this.#byKind.values()].flatMap((names) => [...names.values()]);
  }

  /** A copy, to which user components can be added without changing this one. */
  clone(): Registry {
    const copy = new Registry();
    for (const descriptor of this.all()) copy.register(descriptor as Descriptor<ComponentKind, unknown>);
    return copy;
  }
}
