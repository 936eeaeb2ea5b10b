/** True for the key that selects a component: `type` in any case. Its value is taken as written. */
export function isTypeKey(key: string): boolean {
  return key.toLowerCase() === 'type';
}
