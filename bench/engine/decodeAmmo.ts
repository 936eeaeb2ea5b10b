// Decodes an ammo file by pulling, as the engine does, and gives every ammo back. Prints JSON. The rate is per second of processor time.
// Usage: decodeAmmo.ts uri|httpJson|raw FILE SECONDS
import { type Cursor, DONE, type HttpAmmo, httpJson, PENDING, raw, uri } from 'elpis';
import { asyncScheduler, type SchedulerLike } from 'rxjs';

const makers = { uri, httpJson, raw };
const [, , kind, file, seconds] = process.argv as unknown as [string, string, keyof typeof makers, string, string];
const provider = makers[kind]({ file }) as unknown as { open(scheduler: SchedulerLike): Cursor<HttpAmmo> };
const cursor = provider.open(asyncScheduler);
const until = performance.now() + Number(seconds) * 1000;
const started = process.cpuUsage();
/** How many ammo are drawn between two looks at the clock. */
const CHECK = 1024;
let ammos = 0;

function draw(): void {
  for (;;) {
    const ammo = cursor.poll();
    if (ammo === PENDING) {
      cursor.whenReady(draw);
      return;
    }
    if (ammo === DONE || (ammos % CHECK === 0 && performance.now() > until)) break;
    ammos++;
    cursor.release(ammo);
  }
  const { user, system } = process.cpuUsage(started);
  const perSecond = (ammos * 1e6) / (user + system);
  cursor.close();
  console.log(JSON.stringify({ ammos, perSecond }));
}
draw();
