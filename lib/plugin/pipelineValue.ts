import { defer, EMPTY, type Observable, type ObservableInput, throwError } from 'rxjs';
import type { Aggregator } from '../core/aggregator.js';
import type { ComponentKind, ComponentKinds, OperatorPoint } from '../core/component.js';
import type { DataSink, DataSource, SinkOpening } from '../core/data.js';
import { defined } from '../core/defined.js';
import type { Deps } from '../core/deps.js';
import type { Gun, GunContext, GunFactory } from '../core/gun.js';
import type { Plan, Tick } from '../core/plan.js';
import type { Schedule } from '../core/schedule.js';
import { openCursor } from '../pull/openCursor.js';
import { PlanSchedule } from '../pull/planSchedule.js';
import { Pullable } from '../pull/pullable.js';
import { CONFIGURED, type Configured, type MadeInCode } from './configured.js';
import { defaultDeps } from './defaultDeps.js';
import type { PointOperator } from './part.js';
import { isPlan } from './userValue.js';

/** What a component is in a pipeline: `M` is what its `create` returns. */
export type PipelineValue<K extends ComponentKind, M> = K extends 'schedule'
  ? M extends Plan
    ? Schedule
    : Observable<Tick>
  : K extends 'provider'
    ? M extends Observable<infer A>
      ? Pullable<A>
      : never
    : K extends 'gun'
      ? M extends GunFactory<infer A, infer S>
        ? GunFactory<A, S>
        : never
      : K extends 'operator'
        ? M extends { readonly at: infer P extends OperatorPoint }
          ? PointOperator<P>
          : never
        : M;

const depsOf = ({ given }: MadeInCode): Deps => ({ ...defaultDeps(), ...given });

/** Stands for a schedule that cannot be made: subscribing to it fails, and so does asking for its plan. */
function brokenSchedule(error: unknown): Observable<Tick> {
  return Object.defineProperty(
    throwError(() => error),
    'plan',
    {
      get: (): never => {
        throw error;
      },
    },
  );
}

function scheduleOf(made: MadeInCode<'schedule'>): Observable<Tick> {
  const { scheduler, share } = made.given;
  try {
    const created = made.create(depsOf(made));
    // A stream is copied: when it is handed out twice, it must not be marked as two components.
    if (!isPlan(created)) return defer(() => created);
    const clock = defined({ scheduler });
    return new PlanSchedule(created, share === undefined ? clock : { ...clock, share });
  } catch (error) {
    return brokenSchedule(error);
  }
}

function providerOf(made: MadeInCode<'provider'>): Pullable<unknown> {
  const { scheduler } = made.given;
  return new Pullable(
    (consumers) => openCursor(made.create({ ...defaultDeps(), scheduler: consumers, ...made.given }), consumers),
    defined({ scheduler }),
  );
}

/** Binds the guns when they are needed first, and again after they were closed. */
class PipelineGuns implements GunFactory<unknown, unknown> {
  #bound: GunFactory<unknown, unknown> | undefined;

  constructor(private readonly made: MadeInCode<'gun'>) {}

  warmUp(): Observable<unknown> {
    return defer(() => this.#guns().warmUp?.() ?? EMPTY);
  }

  create(context: GunContext): Gun<unknown, unknown> {
    return this.#guns().create(context);
  }

  close(): ObservableInput<unknown> | undefined {
    const bound = this.#bound;
    this.#bound = undefined;
    return bound?.close?.();
  }

  #guns(): GunFactory<unknown, unknown> {
    this.#bound ??= this.made.create(depsOf(this.made));
    return this.#bound;
  }
}

class PipelineSink implements DataSink {
  readonly name: string;

  constructor(private readonly made: MadeInCode<'sink'>) {
    this.name = made.error === undefined ? this.#sink().name : made.name;
  }

  open(opening?: SinkOpening): ReturnType<DataSink['open']> {
    return this.#sink().open(opening);
  }

  #sink(): DataSink {
    return this.made.create(depsOf(this.made));
  }
}

class PipelineSource implements DataSource {
  readonly name: string;
  readonly content?: Uint8Array;
  readonly #source: DataSource | undefined;

  constructor(private readonly made: MadeInCode<'source'>) {
    this.#source = made.error === undefined ? made.create(depsOf(made)) : undefined;
    this.name = this.#source?.name ?? made.name;
    const content = this.#source?.content;
    if (content !== undefined) this.content = content;
  }

  get rereadable(): boolean {
    return this.#source?.rereadable ?? false;
  }

  open(signal?: AbortSignal): AsyncIterable<Uint8Array> {
    return (this.#source ?? this.made.create(depsOf(this.made))).open(signal);
  }
}

function aggregatorOf(made: MadeInCode<'aggregator'>): Aggregator<unknown> {
  return (samples) => defer(() => made.create(depsOf(made))(samples));
}

function operatorOf(made: MadeInCode<'operator'>): ComponentKinds['operator']['operator'] {
  return (source: Observable<never>) => made.create(depsOf(made)).operator(source);
}

const VALUES: { readonly [K in ComponentKind]: (made: MadeInCode<K>) => object } = {
  schedule: scheduleOf,
  provider: providerOf,
  gun: (made) => new PipelineGuns(made),
  aggregator: aggregatorOf,
  source: (made) => new PipelineSource(made),
  sink: (made) => new PipelineSink(made),
  middleware: (made) => (ammo: never) => made.create(depsOf(made))(ammo),
  operator: operatorOf,
  observer: (made) => (events: Observable<never>, handle: never) =>
    defer(() => made.create(depsOf(made))(events, handle)),
};

/**
 * The value of a component in a pipeline. It gets its dependencies when it is used (subscribed to, warmed up, opened),
 * and it carries the name and the options that it stands for in a config.
 */
export function pipelineValue<K extends ComponentKind, C>(made: MadeInCode<K, C>): object & Configured<K, C> {
  return Object.defineProperty(VALUES[made.kind](made), CONFIGURED, { value: made }) as object & Configured<K, C>;
}
