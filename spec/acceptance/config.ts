/** A config with one pool that shoots at an address. */
export const config = (
  address: string,
  more: { rps?: string; startup?: string; uris?: string; result?: string; extra?: string } = {},
): string => `
pools:
  - id: main
    gun: {type: http, target: "${address}"}
    ammo: {type: uri, uris: [${more.uris ?? '"/ one", "/status/503 two"'}]}
    result: ${more.result ?? '{type: phout, destination: ./phout.log, id: true}'}
    rps: ${more.rps ?? '[{type: const, ops: 100, duration: 1s}, {type: once, times: 7}]'}
    startup: ${more.startup ?? '{type: once, times: 5}'}
${more.extra ?? ''}`;
