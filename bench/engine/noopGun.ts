// The engine alone: a pulled, unlimited schedule, ammo from memory, a gun that answers at once, the summary recorded.
// Usage: node --import tsx bench/engine/noopGun.ts [seconds]
import { Observable } from 'rxjs';
import { summary } from '../../lib/aggregators/summary/summary.js';
import { IterableCursor } from '../../lib/coreutil/iterableCursor.js';
import { Pullable } from '../../lib/coreutil/pullable.js';
import { realTimeScheduler } from '../../lib/coreutil/realTimeScheduler.js';
import { NetSample } from '../../lib/protocols/netSample.js';
import { unlimitedPlan } from '../../lib/schedules/unlimitedPlan.js';
import { reportTo } from '../../operators/reportTo.js';
import { shoot } from '../../operators/shoot.js';
import { ticks } from '../../operators/ticks.js';
import { zipAmmo } from '../../operators/zipAmmo.js';

const seconds = Number(process.argv[2] ?? 3);
const ammo = new Pullable(
  () =>
    new IterableCursor(
      (function* () {
        for (let id = 1; ; id++) yield { id, tag: '' };
      })(),
    ),
);
const guns = {
  make: () => ({
    shoot: (_: unknown, shot: Parameters<typeof NetSample.of>[0]) =>
      new Observable<NetSample>((subscriber) => {
        const sample = NetSample.of(shot);
        sample.ended = realTimeScheduler.now();
        sample.answered = sample.ended;
        sample.protoCode = 200;
        subscriber.next(sample);
        subscriber.complete();
      }),
  }),
};
const started = performance.now();
let received = 0;
ticks(unlimitedPlan({ duration: seconds * 1e9 }))
  .pipe(zipAmmo(ammo), shoot(guns, { instances: 64 }), reportTo(summary()))
  .subscribe({
    next: (report) => {
      received = report.received;
    },
    complete: () => {
      const perSecond = (received * 1000) / (performance.now() - started);
      console.log(`${received} shots, ${Math.round(perSecond)} shots/s`);
    },
  });
