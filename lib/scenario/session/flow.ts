import type { Observable } from 'rxjs';
import type { LongPipe } from './longPipe.js';
import type { Session } from './session.js';
import type { NoVars, Vars } from './vars.js';

/**
 * The sessions that pass a point of a scenario: one, unless an operator of your own makes more or fewer of it. It is an
 * Observable, whose `pipe` takes up to 20 operators.
 */
export type Flow<V extends Vars = NoVars> = LongPipe<Session<V>> & Observable<Session<V>>;

/**
 * A part of a scenario: an RxJS operator over sessions, so any `(flow) => flow.pipe(...)`. It asks for the variables `In` and
 * leaves `Out`.
 */
export type Step<In extends Vars, Out extends Vars = In> = (flow: Flow<In>) => Observable<Session<Out>>;
