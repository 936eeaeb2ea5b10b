import type { VariableSource } from '../../../../../lib/scenario/files/model.js';

export const variables = (values: Readonly<Record<string, unknown>>, name = 'v'): VariableSource => ({
  path: ['variable_sources', 0],
  type: 'variables',
  name,
  variables: values,
});
export const LIST = variables({ list: ['a', 'b', 'c'], empty: [], one: { x: 'y' } });
