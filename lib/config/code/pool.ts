import type { PoolOptions } from './poolOptions.js';

/**
 * A pool for {@link defineConfig}: the keys of a pool in YAML, whose components may be values, plain data, or both mixed.
 * It is checked with the whole config, when that is read.
 *
 * A component from a function such as `http(...)` stands for its name and options: every run makes its own, with the run's
 * clock, seed and log. A value of your own (an `Observable<Tick>`, an Observable of ammo, an armoury, an aggregator) is used
 * as it is.
 *
 * @example
 * pool({
 *   id: 'shop',
 *   gun: http({ target: 'localhost:8080' }),
 *   ammo: uri({ uris: ['/ home', '/cart cart'] }),
 *   result: phout({ destination: './phout.log' }),
 *   rps: [line({ from: 1, to: 100, duration: '30s' }), { type: 'const', ops: 100, duration: '1m' }],
 *   startup: once({ times: 20 }),
 * });
 */
export function pool(options: PoolOptions): PoolOptions {
  return options;
}
