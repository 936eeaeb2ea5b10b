/** A pool as plain data: 1000 shots per second for a second by 100 instances, over three ammo; keys can be replaced. */
export function poolOf(replaced: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    gun: { type: 'http', target: 'localhost:80' },
    ammo: { type: 'uri', uris: ['/one', '/two two', '/three'] },
    result: { type: 'discard' },
    rps: { type: 'const', ops: 1000, duration: '1s' },
    startup: { type: 'once', times: 100 },
    ...replaced,
  };
}
