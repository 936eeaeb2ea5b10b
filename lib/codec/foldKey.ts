/** The form in which keys are compared: case, dashes and underscores do not count. @example foldKey('URI-Elements') // 'urielements' */
export function foldKey(key: string): string {
  return key.replaceAll(/[-_]/g, '').toLowerCase();
}
