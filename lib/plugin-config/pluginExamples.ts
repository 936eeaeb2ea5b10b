import type { ComponentKind } from '../core/component.js';

/** What is expected where a component of a kind stands, with an example. */
export const PLUGIN_EXAMPLES: Readonly<Record<ComponentKind, string>> = {
  schedule: 'a schedule such as {type: const, ops: 10, duration: 30s}, or a list of them',
  provider: 'an ammo provider such as {type: uri, file: ./ammo.uri}',
  gun: 'a gun such as {type: http, target: "localhost:8080"}',
  aggregator: 'a result such as {type: phout, destination: ./phout.log}',
  source: 'a data source such as ./data.json, or {type: inline, data: text}',
  sink: 'a data sink: stdout, stderr, a path, or a map with the key type',
  operator: 'an operator such as {use: ./my-operator.ts}',
  middleware: 'a middleware such as {type: header/date}',
};
