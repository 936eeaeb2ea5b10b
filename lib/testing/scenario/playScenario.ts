import { from } from 'rxjs';
import { WHOLE } from '../../core/deps.js';
import { describeError } from '../../core/errorContext.js';
import type { Gun } from '../../core/gun.js';
import type { Millis } from '../../core/units.js';
import type { HttpRequest } from '../../protocols/http.js';
import type { NetSample } from '../../protocols/netSample.js';
import type { ScriptableRequest } from '../../rehearsal/responses.js';
import type { Scenario } from '../../scenario/scenario.js';
import type { ScenarioAmmo } from '../../scenario/scenarioAmmo.js';
import { type CookieScope, scenarioGuns } from '../../scenario/scenarioGun.js';
import { seededRandom } from '../../time/seededRandom.js';
import { VirtualClock } from '../../time/virtualClock.js';
import { drawPlay } from './drawPlay.js';
import {
  type PlayedPause,
  type PlayedRequest,
  type PlayedSample,
  type ScenarioPlay,
  ScenarioPlayError,
} from './scenarioPlay.js';
import type { ScriptedTransport } from './scriptedTransport.js';

/** Options of {@link playScenario}. */
export interface PlayScenarioOptions {
  /** Number of runs, one after another, by one instance. Default 1. */
  readonly runs?: number;
  /** Default 1. The same seed gives the same result. */
  readonly seed?: number;
  /** Index of the first run, for feeders. Default 0. */
  readonly index?: number;
  readonly cookies?: CookieScope;
  /** Further fields of the ammo of every run, such as those that your own operator adds. */
  readonly ammo?: object;
  /** Limit in virtual milliseconds. Default one hour. */
  readonly untilMs?: Millis;
}

/** Plays one scenario again and again, each run after the end of the one before, and keeps what happens. */
class ScenarioPlayer<R extends ScriptableRequest> {
  readonly requests: Omit<PlayedRequest<R>, 'scripted'>[] = [];
  readonly pauses: PlayedPause[] = [];
  readonly samples: PlayedSample[] = [];
  /** The error that has ended the runs. */
  failure: { readonly error: unknown } | undefined;

  readonly #clock: VirtualClock;
  readonly #gun: Gun<ScenarioAmmo, NetSample>;

  constructor(
    private readonly scenario: Scenario,
    private readonly options: PlayScenarioOptions,
    { clock, server }: { readonly clock: VirtualClock; readonly server: ScriptedTransport<R> },
  ) {
    const { cookies = 'instance', seed = 1 } = options;
    this.#clock = clock;
    this.#gun = scenarioGuns<R>({
      transports: server,
      cookies,
      tracer: {
        requested: (tag, request, at) => this.requests.push({ tag, at, request: request as R }),
        paused: (from, until) => this.pauses.push({ from, until }),
      },
      deps: { scheduler: clock, random: seededRandom(seed), share: WHOLE },
    }).create({ instance: 0 });
  }

  play(): void {
    this.#run(0);
    this.#clock.run(this.options.untilMs ?? 3_600_000);
    this.#gun.close?.();
  }

  #run(run: number): void {
    const { runs = 1, index: first = 0, ammo: more } = this.options;
    if (run === runs) return;
    const { scenario } = this;
    const now = this.#clock.now();
    const index = first + run;
    const ammo: ScenarioAmmo = { ...more, protocol: 'scenario', id: index + 1, tag: scenario.name, scenario };
    const shot = { index, at: now, ammo, instance: 0, started: now, slotWait: 0 };
    from(this.#gun.shoot(ammo, shot)).subscribe({
      next: (sample) => this.samples.push(playedSample(sample)),
      error: (error: unknown) => {
        this.failure = { error };
      },
      complete: () => this.#clock.schedule(() => this.#run(run + 1)),
    });
  }
}

function playedSample(sample: NetSample): PlayedSample {
  const { tag, scope, index, instance, intended, started, ended, netCode, protoCode, errorName, metrics } = sample;
  const times = { intended, started, ended };
  return { tag, scope, index, instance, ...times, netCode, status: protoCode, error: errorName, metrics };
}

/**
 * Plays a scenario in virtual time against a scripted transport, and returns the events as data and as a drawing.
 *
 * ```text
 * ms          0   2     1002  1005
 * shop        |---------------|         the scenario
 * shop/home   o---200                   a request, from its start to its response
 * pause           ~~~~~~
 * shop/goods            o-----200
 * ```
 *
 * - A line for each tag and one for pauses, in the order in which they began. The moments are columns, not to scale.
 * - `o` is the start of a request, then its status. A failure is `#` and its name, as in `200#check: greets us` or
 *   `#connection reset`. Scenarios and groups are `|---|`. An interval that has not ended is drawn up to `>`.
 * - The same seed, script and scenario give the same drawing. Nothing waits for real time.
 * - A moment has the fewest decimals that distinguish it from its neighbours, at most 3.
 * - An error that would end the run is thrown as a {@link ScenarioPlayError} with the drawing, and so is a request
 *   without a script, even when the scenario continues after it. In the drawing it is `#no script`.
 *
 * @throws ScenarioPlayError for an error of the run, such as an exception in a check, and for a request without a script.
 * @example
 * const shop = scenario('shop', (flow) => flow.pipe(get('home', '/'), pause(1000), get('goods', '/goods')));
 * const { drawing } = playScenario(shop, scriptedTransport({ 'GET /': '--r', 'GET /goods': '---r' }));
 */
export function playScenario<R extends ScriptableRequest = HttpRequest>(
  scenario: Scenario,
  transport: ScriptedTransport<R>,
  options: PlayScenarioOptions = {},
): ScenarioPlay<R> {
  const clock = new VirtualClock();
  const server = transport.on(clock);
  const player = new ScenarioPlayer<R>(scenario, options, { clock, server });
  player.play();
  const { pauses, samples, failure } = player;
  const unscripted = new Set(server.unscripted);
  const requests = player.requests.map((each) => ({ ...each, scripted: !unscripted.has(each.request) }));
  const played = { requests, pauses, samples };
  const result = { ...played, drawing: drawPlay(played) };
  const [missing] = server.unscripted;
  if (missing !== undefined) throw new ScenarioPlayError(server.missing(missing), result, failure?.error);
  if (failure === undefined) return result;
  const why = `the scenario "${scenario.name}" ends the run: ${describeError(failure.error)}`;
  throw new ScenarioPlayError(why, result, failure.error);
}
