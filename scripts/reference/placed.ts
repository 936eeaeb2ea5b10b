import type { ComponentDescription } from '../../lib/config/describeComponents.js';

type Written = Readonly<Record<string, unknown>>;

/** Where a component of each kind is written: the part of a config that holds it. The last is inside a pool, or at the top. */
const PLACES: Readonly<Record<ComponentDescription['kind'], (example: Written, at?: string) => Written>> = {
  schedule: (example) => ({ rps: example }),
  provider: (example) => ({ ammo: example }),
  gun: (example) => ({ gun: example }),
  aggregator: (example) => ({ result: example }),
  source: (example) => ({ ammo: { type: 'uri', file: example } }),
  sink: (example) => ({ result: { type: 'jsonlines', sink: example } }),
  middleware: (example) => ({ ammo: { type: 'uri', uris: ['/'], middlewares: [example] } }),
  operator: (example, at = 'ticks') => ({ operators: { [at]: [example] } }),
  observer: (example) => ({ observers: [example] }),
};

/** The example of a component with the keys around it: of a pool, or of the top level for an observer. */
export function placed({ kind, at, example }: ComponentDescription): Written | undefined {
  return example === undefined ? undefined : PLACES[kind](example, at);
}
