import { Registry } from '../plugin/registry.js';
import * as components from './components.js';

/** The registry of all components that a config can select by `type`. */
export function builtins(): Registry {
  return new Registry(Object.values(components));
}
