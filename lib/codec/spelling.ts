import type { Field } from './field.js';

/** The documented spelling of a key: the property in kebab case unless the field says otherwise. */
export function spelling(property: string, field: Field<unknown>): string {
  return field.key ?? property.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
