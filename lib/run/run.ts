import { isLeft } from 'fp-ts/lib/Either.js';
import {
  defer,
  EMPTY,
  from,
  fromEvent,
  map,
  merge,
  mergeMap,
  Observable,
  of,
  ReplaySubject,
  type SchedulerLike,
  take,
} from 'rxjs';
import type { Command } from '../../operators/ticks/command.js';
import { builtins } from '../builtins/builtins.js';
import type { ConfigOptions } from '../config/code/defineConfig.js';
import type { Config } from '../config/config.js';
import { loadConfig } from '../config/loadConfig.js';
import { defined } from '../core/defined.js';
import type { Deps, Log, Random } from '../core/deps.js';
import type { Millis } from '../core/units.js';
import type { RunEvent, RunObserver } from '../engine/runEvent.js';
import type { StopOrder } from '../engine/runHandle.js';
import { type MadeInCode, madeInCode } from '../plugin/configured.js';
import { defaultDeps } from '../plugin/defaultDeps.js';
import type { Registry } from '../plugin/registry.js';
import type { ComponentTraits, FileUse } from '../plugin/traits.js';
import { anySeed, seededRandom } from '../time/seededRandom.js';
import { type Run, runConfig } from './runConfig.js';

/** The signals that drain a run. */
export interface DrainSources {
  readonly signal?: AbortSignal | undefined;
  readonly drainMs?: Millis | undefined;
  readonly drain?: Observable<Millis> | undefined;
}

/** Shots under way may take this long after an abort, as after Ctrl-C. */
const DEFAULT_DRAIN_MS: Millis = 30_000;

/** The orders from an abort signal and a notifier, as one stream. A signal that is already aborted applies immediately. */
function stopsOf({ signal, drainMs = DEFAULT_DRAIN_MS, drain }: DrainSources): Observable<StopOrder> {
  const aborted = signal === undefined ? EMPTY : signal.aborted ? of(signal) : fromEvent(signal, 'abort').pipe(take(1));
  const by = (text: string) => map((limitMs: Millis): StopOrder => ({ limitMs, ending: { by: 'user', text } }));
  return merge(
    from(aborted).pipe(
      map(() => drainMs),
      by('its signal was aborted'),
    ),
    (drain ?? EMPTY).pipe(by('it was drained by its owner')),
  );
}

/** Options of {@link run}. */
export interface RunSettings {
  /** Drains the run when it is aborted: no new shot starts, and shots under way may take `drainMs` more. */
  readonly signal?: AbortSignal;
  /** How long shots under way may take after an abort. Default 30000. */
  readonly drainMs?: Millis;
  /** Drains the run at each value, with that limit in milliseconds; a later value replaces it, and 0 ends at once. */
  readonly drain?: Observable<Millis>;
  /** How many threads share the run. Default: as in the config. */
  readonly threads?: number;
  /** Default: real time. With another scheduler the run uses one thread. */
  readonly scheduler?: SchedulerLike;
  /** Seed of all random numbers, from 0 to 2^32 - 1. Default: as in the config, otherwise from the time. */
  readonly seed?: number;
  /** The random numbers themselves, instead of a seed; for a run in one thread. */
  readonly random?: Random;
  /** The log of components. Default: none; warnings are always events. */
  readonly log?: Log;
  /** The interval of progress events and windows in milliseconds. Default 1000. */
  readonly progressEveryMs?: Millis;
  /**
   * Ends with an `ELPIS_VERDICT` error, after everything is written, when the verdict is as bad as this, or worse; `null`: never.
   * Default: as in the config.
   */
  readonly failOn?: 'degraded' | 'invalid' | null;
  /** True is `failOn: 'degraded'`, false is `failOn: null`. Default: as in the config. */
  readonly strict?: boolean;
  /** Controls a pool while it runs, see `control`. Every thread executes a command at the same time. */
  readonly control?: (pool: string) => Observable<Command>;
  /**
   * Allows observers to control pools by their handle. Default: when an observer component needs it, such as the screen.
   */
  readonly steerable?: boolean;
  /** Observers of the run, besides those of the config. */
  readonly observers?: readonly RunObserver[];
  /** The available components. Default: `builtins()`. */
  readonly registry?: Registry;
  /** Environment variables, for `${NAME}`. Default: those of the process. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Allows a config from an http(s) address to load modules of this machine. Default false. */
  readonly allowPlugins?: boolean;
  /**
   * Where relative paths begin: that of the config, and in it those of files that are read or written, of modules and of
   * `${property:...}`. Modules of a config file begin at its folder, and
   * files that a scenario file names at the working directory of the process. Default: the working directory.
   */
  readonly cwd?: string;
}

const nothing = (): void => undefined;
const NO_LOG: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing };

function depsOf({ scheduler, log = NO_LOG }: RunSettings): Deps {
  const deps = defaultDeps();
  return { ...deps, scheduler: scheduler ?? deps.scheduler, log };
}

/** The random numbers of a run, and their seed if there is one. */
function chanceOf(
  config: Config,
  { random, seed = config.seed ?? anySeed() }: RunSettings,
): { readonly random: Random; readonly seed?: number } {
  return random === undefined ? { random: seededRandom(seed), seed } : { random };
}

/** True when an observer that was made of a component steers the run, otherwise undefined. */
function steeringAmong(observers: readonly RunObserver[] = []): true | undefined {
  const steers = (observer: RunObserver): boolean => {
    const traits: ComponentTraits['observer'] = madeInCode(observer)?.traits ?? {};
    return traits.steers === true;
  };
  return observers.some(steers) || undefined;
}

/** The files that an observer of a component writes, by its name in messages. */
function filesWrittenBy(made: MadeInCode | undefined): readonly (readonly [name: string, path: string])[] {
  if (made === undefined) return [];
  const files: readonly FileUse[] = made.traits.files ?? [];
  return files.filter(({ access }) => access === 'write').map(({ path }) => [`the observer ${made.name}`, path]);
}

/**
 * Runs a whole config, as `elpis run` does, as a stream of events.
 *
 * ```text
 * run(config)   -(S)--p-w-p-w-...--w-r-(F|)      S: run-started, p: progress, w: window, r: report, F: run-finished
 * ```
 *
 * - Subscribing reads and checks the config and starts the run; each subscription is an independent run.
 * - Errors with a `ConfigError` before the first shot, or when a pool fails, after all recorded samples are flushed
 *   and `run-finished` is emitted.
 * - Observers handle the events, see {@link RunObserver}; the run completes when they have completed.
 * - Unsubscribing aborts everything at once. `signal` and `drain` drain it; the run then completes.
 * - Files are written by the config's results. The key `log` of a config is for the command line: here log lines go to `log`.
 * - In several threads each thread makes the config again: from a file by itself, from a value as plain data. A value
 *   with your own streams, guns or functions cannot be sent: pass the path of its file.
 *
 * @param config A value of `defineConfig`, plain data, or the path or URL of a config file.
 * @example
 * const stop = new AbortController();
 * run('./load.yaml', { signal: stop.signal }).subscribe((event) => {
 *   if (event.type === 'progress') console.log(event.pool, event.progress.responses);
 *   if (event.type === 'run-finished') console.log(summaryText(event.summaries));
 * });
 */
export function run(
  config: ConfigOptions | Readonly<Record<string, unknown>> | string | URL,
  settings: RunSettings = {},
): Run {
  return new Observable<RunEvent>((subscriber) => {
    // Subscribed to from now on, also while the config is read; it never completes.
    const stops = new ReplaySubject<StopOrder>(1);
    subscriber.add(
      stopsOf(settings).subscribe({
        next: (order) => stops.next(order),
        error: (error: unknown) => subscriber.error(error),
      }),
    );
    const deps = depsOf(settings);
    const {
      registry = builtins(),
      env = process.env,
      cwd,
      threads,
      strict,
      failOn = strict === undefined ? undefined : strict ? ('degraded' as const) : null,
      progressEveryMs,
      control,
      allowPlugins = false,
      steerable,
    } = settings;
    const observers = (settings.observers ?? []).map((observer, i) => ({
      name: madeInCode(observer)?.name ?? (observer.name || `observer ${i + 1}`),
      observer,
    }));
    const outputs = Object.fromEntries(
      (settings.observers ?? []).flatMap((observer) => filesWrittenBy(madeInCode(observer))),
    );
    const sources = { registry, env, stdin: deps.stdin, allowPlugins, outputs, ...defined({ cwd }) };
    subscriber.add(
      defer(loadConfig(config, sources))
        .pipe(
          mergeMap((read) => {
            if (isLeft(read)) throw read.left;
            const { random, seed } = chanceOf(read.right, settings);
            return runConfig(read.right, {
              ...{ deps: { ...deps, random }, seed },
              ...{ threads, failOn, stops, progressEveryMs, control, observers },
              ...defined({ steerable: steerable ?? steeringAmong(settings.observers) }),
            });
          }),
        )
        .subscribe(subscriber),
    );
  });
}
