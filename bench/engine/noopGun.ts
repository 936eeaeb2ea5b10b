// The engine alone: pulled ticks and ammo, a gun that does nothing, the summary recorded. Prints JSON. Rates are per second of processor
// time of the whole process, so that other programs on the core change them less.
// Usage: noopGun.ts SECONDS [INSTANCES] [sync|async] [SHOTS]
// sync: the gun completes at once. async: all instances are in flight; the oldest hundred shots complete per turn.
import { dummy, NetSample, type Shot, summary, unlimited } from 'elpis';
import { reportTo, shoot, zipAmmo } from 'elpis/operators';
import { Observable, type Subscriber } from 'rxjs';

const seconds = Number(process.argv[2] ?? 3);
const instances = Number(process.argv[3] ?? 64);
const asynchronous = process.argv[4] === 'async';
const limit = Number(process.argv[5] ?? 0);
const now = (): number => performance.timeOrigin + performance.now();

const PER_TURN = 100;
const waiting: (NoopGun | undefined)[] = new Array(instances);
let head = 0;
let inFlight = 0;
let pumping = false;

class NoopGun {
  #shot: Shot<unknown> | undefined;
  #subscriber: Subscriber<NetSample> | undefined;
  readonly #stream = new Observable<NetSample>((subscriber) => {
    this.#subscriber = subscriber;
    if (!asynchronous) return this.finish();
    waiting[(head + inFlight++) % instances] = this;
    if (!pumping) {
      pumping = true;
      setImmediate(pump);
    }
  });

  shoot(_: unknown, shot: Shot<unknown>): Observable<NetSample> {
    this.#shot = shot;
    return this.#stream;
  }

  finish(): void {
    const sample = NetSample.of(this.#shot as Shot<unknown>);
    sample.responded = sample.ended = now();
    sample.protoCode = 200;
    const subscriber = this.#subscriber as Subscriber<NetSample>;
    subscriber.next(sample);
    subscriber.complete();
  }
}

function pump(): void {
  for (let i = Math.min(PER_TURN, inFlight); i > 0; i--) {
    const gun = waiting[head] as NoopGun;
    waiting[head] = undefined;
    head = (head + 1) % instances;
    inFlight--;
    gun.finish();
  }
  pumping = inFlight > 0;
  if (pumping) setImmediate(pump);
}

const rssAt: Record<string, number> = {};
const MARKS = [1e6, 2e6, 5e6, 10e6, 20e6];
const STEADY = 4 * instances;
let ended = 0;
let steadySince = 0;
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
const memory = (): number => process.memoryUsage.rss() / 2 ** 20;

const started = cpuMs();
let received = 0;
unlimited({ duration: `${seconds}s` })
  .pipe(
    zipAmmo(dummy({ limit })),
    shoot({ create: () => new NoopGun() }, { instances }),
    reportTo(
      summary(),
      (samples) => new Observable((outlet) => samples.subscribe({ next: count, complete: () => outlet.complete() })),
    ),
  )
  .subscribe({
    next: (report) => {
      received = Math.max(received, report.received);
    },
    complete: () => {
      const finished = cpuMs();
      const perSecond = (received * 1000) / (finished - started);
      // Without the start: guns are made, and the first round of shots is sent at once.
      const steadyPerSecond = ((received - STEADY) * 1000) / (finished - steadySince);
      console.log(JSON.stringify({ shots: received, perSecond, steadyPerSecond, rssMb: rssAt }));
    },
  });

function count(): void {
  if (++ended === STEADY) steadySince = cpuMs();
  if (ended === MARKS[0]) rssAt[String(MARKS.shift())] = memory();
}
