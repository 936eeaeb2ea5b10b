/** The numbers of phout's net_code column that Elpis itself gives (the rest are the operating system's errno numbers). */
export const NET_CODE = {
  ok: 0,
  brokenPipe: 32,
  tooManyFiles: 24,
  noLocalAddress: 99,
  networkUnreachable: 101,
  reset: 104,
  timeout: 110,
  refused: 111,
  hostUnreachable: 113,
  discarded: 777,
  /** A complete answer came, but a check of a scenario failed; the error name tells which. */
  check: 998,
  other: 999,
} as const;
