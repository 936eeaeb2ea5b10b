import type { ComponentKind } from '../../core/component.js';
import type { Descriptor } from '../../plugin/descriptor.js';
import { PLUGIN_EXAMPLES } from '../../plugin-config/pluginExamples.js';

/** A component of any kind. */
export type AnyComponent = Descriptor<ComponentKind, unknown>;

const isPoint = (at: unknown): boolean => at === 'ticks' || at === 'shots' || at === 'samples';

function isComponent(value: unknown): value is AnyComponent {
  if (typeof value !== 'object' || value === null) return false;
  const { kind, name, codec, create, at } = value as Partial<Record<keyof AnyComponent | 'at', unknown>>;
  if (kind === 'operator' && !isPoint(at)) return false;
  const named = typeof name === 'string' && name !== '' && typeof kind === 'string';
  return named && Object.hasOwn(PLUGIN_EXAMPLES, kind) && typeof codec === 'function' && typeof create === 'function';
}

/** The components among the exports of a module: by themselves or in lists, each once. */
export function componentsIn(exports: Readonly<Record<string, unknown>>): readonly AnyComponent[] {
  const candidates: unknown[] = Object.values(exports).flat();
  return [...new Set(candidates.filter(isComponent))];
}
