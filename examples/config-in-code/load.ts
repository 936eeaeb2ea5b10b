// A config in code: the same as YAML, with types, loops and constants. Run it: TARGET=127.0.0.1:8080 npx elpis run examples/config-in-code/load.ts
import { constant, defineConfig, http, line, once, phout, pool, uri } from 'elpis';

const target = process.env.TARGET ?? '127.0.0.1:8080';
const pages = ['home', 'search', 'cart'];

export default defineConfig({
  pools: [
    pool({
      id: 'shop',
      gun: http({ target, dial: { timeout: '1s' } }),
      ammo: uri({ uris: pages.map((page, i) => `/delay/${i * 5} ${page}`) }),
      result: phout({ destination: './phout.log' }),
      // Values and plain data may be mixed.
      rps: [
        line({ from: 10, to: 50, duration: '1s' }),
        constant({ ops: 20, duration: '1s' }),
        { type: 'once', times: 20 },
      ],
      startup: once({ times: 10 }),
    }),
  ],
});
