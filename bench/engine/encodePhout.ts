// Encodes samples into a phout file. Prints JSON.
// Usage: encodePhout.ts FILE SECONDS
import { NetSample, phout } from 'elpis';
import { Subject } from 'rxjs';

const [, , destination = '/dev/null', seconds = '2'] = process.argv;
const samples = new Subject<NetSample>();
const shot = { index: 0, at: 0, ammo: undefined, instance: 0, started: 0, slotWait: 0 };
const until = performance.now() + Number(seconds) * 1000;
let written = 0;
let dropped = 0;
let busyMs = 0;

samples.pipe(phout({ destination })).subscribe({
  next: (report) => {
    dropped = report.dropped;
  },
  complete: () => console.log(JSON.stringify({ samples: written, dropped, perSecond: (written * 1000) / busyMs })),
});

/** A thousand samples, then a turn of the event loop for the file. Only the encoding is timed. */
function turn(): void {
  const began = performance.now();
  for (let i = 0; i < 1000; i++) {
    shot.index = written;
    shot.started = shot.at = 1_700_000_000_000 + written / 60;
    const sample = NetSample.of(shot);
    sample.tag = 'tag';
    sample.id = written++;
    sample.responded = sample.ended = shot.started + 0.4 + (written % 1000) / 300;
    sample.protoCode = 200;
    samples.next(sample);
  }
  busyMs += performance.now() - began;
  if (performance.now() < until) setImmediate(turn);
  else samples.complete();
}
turn();
