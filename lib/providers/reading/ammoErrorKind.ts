/** Stable names of what can be wrong with ammo: the `kind` of an {@link ammoError}. */
export type AmmoErrorKind =
  | 'no-ammo'
  | 'bad-uri'
  | 'bad-header-line'
  | 'bad-request-line'
  | 'bad-method'
  | 'bad-size'
  | 'bad-json'
  | 'not-object-or-array'
  | 'empty-file'
  | 'body-truncated'
  | 'line-too-long'
  | 'too-large';
