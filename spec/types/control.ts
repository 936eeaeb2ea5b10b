import { interval, map, type Observable, of, Subject } from 'rxjs';
import type { Tick } from '../../lib/core/plan.js';
import type { RunOptions } from '../../lib/engine/runOptions.js';
import type { Pullable } from '../../lib/pull/pullable.js';
import type { OverflowPolicy } from '../../operators/firing/overflow.js';
import { drainOn } from '../../operators/shots/drainOn.js';
import type { ShootOptions } from '../../operators/shots/shoot.js';
import { type Command, command } from '../../operators/ticks/command.js';
import { control } from '../../operators/ticks/control.js';

// Compiled, never run: the types of `control`, `command`, `overflow` and `drainOn` for users.
declare const plan: Observable<Tick>;

// Ticks in, pullable ticks out (which `pipe` calls an Observable); commands come from anything that can be observed.
export const pullable: Pullable<Tick> = control(of(command.pause()))(plan);
export const steered: Observable<Tick> = plan.pipe(control(new Subject<Command>()));
export const listed: Observable<Tick> = plan.pipe(control([command.pause()], { backlog: { overflow: 'queue' } }));
export const promised: Observable<Tick> = plan.pipe(control(Promise.resolve(command.stop())));
export const literal: Observable<Tick> = plan.pipe(control(of({ type: 'rate', perSecond: 5 } as const)));
// @ts-expect-error: numbers are no commands
plan.pipe(control(of(5)));
// @ts-expect-error: a rate needs its number
plan.pipe(control(of({ type: 'rate' } as const)));
// @ts-expect-error: only ticks are steered
of('a').pipe(control(of(command.pause())));
// @ts-expect-error: a factor is a number
command.scaleBy('2');

export const perPool: RunOptions = { control: (pool) => (pool === 'a' ? of(command.pause()) : new Subject<Command>()) };

export const policies: readonly OverflowPolicy[] = [
  { policy: 'queue' },
  { policy: 'discard', afterMs: 2000 },
  { policy: 'grow', maxInstances: 5 },
  { policy: 'grow', maxInstances: 5, afterMs: 10 },
  { policy: 'abort' },
  { policy: 'abort', afterMs: 10 },
];
// @ts-expect-error: nothing is discarded without a lateness
export const discardWithout: OverflowPolicy = { policy: 'discard' };
// @ts-expect-error: growth has a limit
export const growWithout: OverflowPolicy = { policy: 'grow' };
// @ts-expect-error: a queue has no lateness
export const queueAfter: OverflowPolicy = { policy: 'queue', afterMs: 5 };
// @ts-expect-error: there is no such policy
export const unknown: OverflowPolicy = { policy: 'wait' };

export const drains: readonly ShootOptions<string, number>[] = [
  { drain: drainOn(new AbortController().signal) },
  { drain: drainOn(interval(1000).pipe(map(String)), 5000) },
  { drain: drainOn(Promise.resolve(), 0) },
];
// @ts-expect-error: a notifier can be observed
drainOn(5000);
