import type { ComponentKind, ComponentKinds } from '../core/component.js';
import { defined } from '../core/defined.js';
import type { Deps } from '../core/deps.js';
import { ElpisError } from '../core/errors.js';
import type { AnyComponent } from './anyComponent.js';

/**
 * The components that a config can select by `type`. It is passed as an argument, never a global.
 *
 * @example
 * const registry = builtins();
 * registry.find('gun', 'http')?.name; // 'http'
 */
export class Registry {
  readonly #byKind = new Map<ComponentKind, Map<string, AnyComponent>>();

  constructor(components: Iterable<AnyComponent> = []) {
    for (const component of components) this.register(component);
  }

  /** Adds a component. @throws ElpisError `ELPIS_PLUGIN` when its kind already has that name. */
  register(component: AnyComponent): this {
    const names = this.#byKind.get(component.kind) ?? new Map<string, AnyComponent>();
    if (names.has(component.name)) {
      throw new ElpisError('ELPIS_PLUGIN', `${component.kind} "${component.name}" is registered twice`, {
        hint: 'give the component another name',
      });
    }
    names.set(component.name, component);
    this.#byKind.set(component.kind, names);
    return this;
  }

  /** The component of that kind and exact name, if there is one. */
  find<K extends ComponentKind>(kind: K, name: string): AnyComponent<K> | undefined {
    return this.#byKind.get(kind)?.get(name) as AnyComponent<K> | undefined;
  }

  /** The names of a kind, in order of registration. */
  names(kind: ComponentKind): readonly string[] {
    return [...(this.#byKind.get(kind)?.keys() ?? [])];
  }

  /** Every component, by kind and in order of registration. */
  all(): readonly AnyComponent[] {
    return [...this.#byKind.values()].flatMap((names) => [...names.values()]);
  }

  /** A copy, to which user components can be added without changing this one. */
  clone(): Registry {
    return new Registry(this.all());
  }

  /**
   * A copy in which the components of one kind are created differently, such as sinks that write elsewhere.
   *
   * @param create Replaces `create` of the component, which it may call.
   */
  creating<K extends ComponentKind>(
    kind: K,
    create: (component: AnyComponent<K>, options: unknown, deps: Deps) => ComponentKinds[K],
  ): Registry {
    const isOfKind = (component: AnyComponent): component is AnyComponent & AnyComponent<K> => component.kind === kind;
    return new Registry(
      this.all().map((component) => {
        if (!isOfKind(component)) return component;
        const { name, summary, load } = component;
        return {
          kind,
          name,
          summary,
          ...defined({ load }),
          options: (parts) => component.options(parts),
          create: (options, deps) => create(component, options, deps),
          describe: (options, as) => component.describe(options, as),
          traits: (options) => component.traits(options),
        } satisfies AnyComponent<K>;
      }),
    );
  }
}
