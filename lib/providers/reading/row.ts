/** One item of ammo as decoded, before it is counted: shared by all passes. */
export interface Row {
  /** For `chosencases`; empty when there is none. */
  readonly tag: string;
  /** Why the item can not be shot; it then has no number of its own. */
  readonly problem?: string | undefined;
}
