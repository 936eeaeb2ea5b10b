import { type Observable, pipe } from 'rxjs';
import type { Aggregator, Report } from '../../lib/core/aggregator.js';
import type { TimedSample } from '../../lib/core/sample.js';
import type { mergeWindows, Window } from '../../lib/measure/window.js';
import type { NetSample } from '../../lib/protocols/netSample.js';
import type { Pullable } from '../../lib/pull/pullable.js';
import { bufferSamples } from '../../operators/samples/bufferSamples.js';
import { errorRate } from '../../operators/samples/errorRate.js';
import { isolated } from '../../operators/samples/isolated.js';
import { percentile } from '../../operators/samples/percentile.js';
import { reportTo } from '../../operators/samples/reportTo.js';
import { rollUp } from '../../operators/samples/rollUp.js';
import { stopWhen } from '../../operators/samples/stopWhen.js';
import { type StopReason, whenWindow } from '../../operators/samples/whenWindow.js';
import { mixAmmo } from '../../operators/shots/mixAmmo.js';

// Compiled, never run: the types of these operators for users.
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
/** Compiles only when the two types are the same. */
const same = <A, B>(..._: Same<A, B> extends true ? [] : ['the types differ', A, B]): void => undefined;

declare const texts: Observable<string>;
declare const numbers: readonly number[];
declare const samples: Observable<NetSample>;
declare const timed: Observable<TimedSample>;
declare const plain: Observable<{ readonly ms: number }>;
declare const windows: Observable<Window>;
declare const window: Window;

export function types(): void {
  // mixAmmo: the ammo of all providers
  const mixed = mixAmmo([
    { weight: 2, ammo: texts },
    { weight: 1, ammo: numbers },
  ]);
  same<typeof mixed, Pullable<string | number>>();
  const alike = mixAmmo([texts, texts].map((ammo) => ({ weight: 1, ammo })));
  same<typeof alike, Pullable<string>>();
  // @ts-expect-error a provider needs a weight
  mixAmmo([{ ammo: texts }]);
  // @ts-expect-error a weight is a number
  mixAmmo([{ weight: '2', ammo: texts }]);
  // @ts-expect-error ammo is an Observable
  mixAmmo([{ weight: 2, ammo: 5 }]);
  // @ts-expect-error one of two words
  mixAmmo([{ weight: 2, ammo: texts }], { whenOneEnds: 'stop' });

  // bufferSamples: arrays of what copy makes
  const batches = samples.pipe(bufferSamples({ copy: ({ tag, ended }) => ({ tag, ended }), maxMs: 5 }));
  same<typeof batches, Observable<{ tag: string; ended: number }[]>>();
  const whole = samples.pipe(bufferSamples({ maxMs: 5 }));
  same<typeof whole, Observable<NetSample[]>>();

  // isolated: an aggregator of the same samples
  const safe = isolated((source: Observable<NetSample>): Observable<Report> => source as never, { atEnd: 'complete' });
  same<typeof safe, Aggregator<NetSample>>();
  const reports = samples.pipe(reportTo(safe));
  same<typeof reports, Observable<Report>>();
  // @ts-expect-error these samples are of another shape
  plain.pipe(safe);
  // @ts-expect-error one of two words
  isolated(safe, { atEnd: 'ignore' });

  // rollUp: windows of samples that have times
  const rolled = samples.pipe(rollUp({ everyMs: 1000, key: ({ errorName }) => errorName }));
  same<typeof rolled, Observable<Window>>();
  const ofTimed = timed.pipe(rollUp());
  same<typeof ofTimed, Observable<Window>>();
  // @ts-expect-error these samples have no times
  plain.pipe(rollUp());
  // @ts-expect-error a key is a text
  samples.pipe(rollUp({ key: ({ protoCode }: NetSample) => protoCode }));
  // @ts-expect-error a window is read-only
  window.total.ended = 1;
  same<ReturnType<typeof mergeWindows>, Window>();
  same<ReturnType<typeof percentile>, number>();
  same<ReturnType<typeof errorRate>, number>();
  // @ts-expect-error there are two times
  percentile(window, 99, 'latency');

  // whenWindow: one verdict
  const verdict = windows.pipe(whenWindow((w) => errorRate(w) > 0.1 && 'errors', { windows: 3 }));
  same<typeof verdict, Observable<StopReason>>();
  // @ts-expect-error it judges windows, not samples
  samples.pipe(whenWindow(() => true));
  // @ts-expect-error a condition is synchronous
  whenWindow(async () => true);

  // stopWhen: the same samples
  const stopped = samples.pipe(stopWhen((w) => percentile(w, 99) > 250, { everyMs: 1000, windows: 10 }));
  same<typeof stopped, Observable<NetSample>>();
  // @ts-expect-error its windows start with the subscription
  stopWhen(() => true, { origin: 0 });
  // @ts-expect-error these samples have no times
  plain.pipe(stopWhen(() => true));
  const both = samples.pipe(
    pipe(
      stopWhen<NetSample>(() => false),
      reportTo(safe),
    ),
  );
  same<typeof both, Observable<Report>>();
}
