// What the screen costs while a run runs: the processor time of its view and its frames per second of the run, at 10 frames a second in 256
// colours. The windows of the run are made before; the clock is virtual. Prints JSON.
// Usage: screenCost.ts [SECONDS] [SHOTS PER SECOND] [TAGS] [COLUMNS] [ROWS]
import { Writable } from 'node:stream';
import { Subject, Subscription } from 'rxjs';
import type { RunEvent } from '../../lib/engine/runEvent.js';
import type { Window } from '../../lib/measure/window.js';
import { WindowRecorder } from '../../lib/measure/windowRecorder.js';
import { showScreen } from '../../lib/observers/screen/showScreen.js';
import { constPlan } from '../../lib/schedules/const.js';
import { FakeRunHandle } from '../../lib/testing/fakeRunHandle.js';
import { seededRandom } from '../../lib/time/seededRandom.js';
import { VirtualClock } from '../../lib/time/virtualClock.js';
import { sampleOf } from '../micro/sampleOf.js';

const [seconds = 300, rate = 1000, tags = 50, columns = 120, rows = 40] = process.argv.slice(2).map(Number);
const START = 1_000_000;
/** Different windows, in turn. */
const WINDOWS = 16;

class Discarding extends Writable {
  readonly isTTY = true;
  bytes = 0;

  constructor(
    readonly columns: number,
    readonly rows: number,
  ) {
    super();
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.bytes += chunk.length;
    done();
  }
}

const random = seededRandom(1);
const windows = Array.from({ length: WINDOWS }, (): Window => {
  const recorder = new WindowRecorder({ from: START, tagLimit: 100 });
  for (let i = 0; i < rate; i++) {
    const ms = 5 * Math.exp(1.2 * (random() + random() + random() - 1.5));
    const sample = sampleOf(i);
    sample.tag = `tag ${i % tags}`;
    sample.responded = sample.ended = sample.started + ms;
    sample.protoCode = random() < 0.02 ? 503 : 200;
    recorder.record(sample);
  }
  return recorder.close(START + 1000, { planned: rate, started: rate });
});

const clock = new VirtualClock(START);
const stream = new Discarding(columns, rows);
const events = new Subject<RunEvent>();
const owner = { signal: () => undefined, on: () => new Subscription() };
const env = { TERM: 'xterm-256color' };
showScreen({ stream, env, scheduler: clock, process: owner })(events, new FakeRunHandle()).subscribe();
const plan = constPlan({ ops: rate, duration: seconds * 1e9 });
events.next({ type: 'run-started', at: START, threads: 1, pools: [{ id: 'main', plan, rpsPerInstance: false }] });
events.next({ type: 'pool-started', pool: 'main', at: START });
const progress = {
  ...{ elapsed: 0, requests: 0, responses: 0, inFlight: 7, instances: 50, instancesStarted: 50, instancesGrown: 0 },
  ...{ discarded: 0, unfinished: 0, emptyShots: 0 },
};
let began = process.cpuUsage();
/** The compiler needs some seconds of the run, once. */
const WARM = 20;
for (let second = 0; second < seconds + WARM; second++) {
  if (second === WARM) {
    began = process.cpuUsage();
    stream.bytes = 0;
  }
  const at = START + (second + 1) * 1000;
  clock.advance(1000);
  const window = { ...(windows[second % WINDOWS] as Window), from: at - 1000, to: at };
  events.next({ type: 'window', pool: 'main', at, window });
  events.next({ type: 'progress', pool: 'main', at, progress });
}
const { user, system } = process.cpuUsage(began);
console.log(JSON.stringify({ cpuPercent: (user + system) / 1e4 / seconds, bytesPerSecond: stream.bytes / seconds }));
