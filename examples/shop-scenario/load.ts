// Thirty scenario starts in three seconds, two of three virtual users only browse. Run it:
//   TARGET=127.0.0.1:8080 npx elpis run examples/shop-scenario/load.ts
import { constant, defineConfig, once, phout, pool, scenarioGun, scenarios } from 'elpis';
import { browse, buy } from './scenario.js';

export default defineConfig({
  pools: [
    pool({
      id: 'shop',
      gun: scenarioGun({ target: process.env.TARGET ?? '127.0.0.1:8080' }),
      ammo: scenarios([
        { scenario: browse, weight: 2 },
        { scenario: buy, weight: 1 },
      ]),
      result: phout({ destination: './phout.log' }),
      rps: constant({ ops: 10, duration: '3s' }),
      startup: once({ times: 20 }),
    }),
  ],
});
