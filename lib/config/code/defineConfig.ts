import type { ConfigOptions } from './configOptions.js';

/**
 * A config in code, for the default export of a `.ts` file: `elpis run load.ts`, `elpis check load.ts` and so on read it as
 * they read YAML, and `run(...)` takes it too. It means the same as the YAML with the same keys; what is wrong with it is
 * told when it is read, all at once, by the path of each key.
 *
 * @example
 * export default defineConfig({
 *   pools: [
 *     pool({
 *       gun: http({ target: process.env.TARGET ?? 'localhost:8080' }),
 *       ammo: uri({ file: './ammo.uri' }),
 *       result: phout({ destination: './phout.log' }),
 *       rps: constant({ ops: 100, duration: '30s' }),
 *       startup: once({ times: 10 }),
 *     }),
 *   ],
 * });
 */
export function defineConfig(config: ConfigOptions): ConfigOptions {
  return config;
}
