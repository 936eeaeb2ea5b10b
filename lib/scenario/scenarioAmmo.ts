import type { SchedulerLike } from 'rxjs';
import { mixAmmo } from '../../operators/shots/mixAmmo.js';
import { A_LIST, checkArgument, checkEach } from '../core/argument.js';
import type { Cursor } from '../core/cursor.js';
import { DONE, PENDING, type Polled } from '../core/cursor.js';
import { defined } from '../core/defined.js';
import { countInShare, nextInShare, nthOfShare, type Share, WHOLE } from '../core/deps.js';
import { ElpisError } from '../core/errors.js';
import type { Ammo } from '../core/shot.js';
import { BaseCursor, ForwardingCursor } from '../pull/baseCursor.js';
import { openCursor } from '../pull/openCursor.js';
import { Pullable } from '../pull/pullable.js';
import { Scenario } from './scenario.js';

/** A scenario as the ammo of a shot: the shot plays it once, from beginning to end. */
export interface ScenarioAmmo extends Ammo {
  readonly protocol: 'scenario';
  readonly scenario: Scenario;
  /** The requests that it sends in order, such as `order(3, 100)` and `sleep(50)`, when it comes from a file. */
  readonly requests?: readonly string[];
}

/**
 * True for ammo that is a scenario, from any provider.
 *
 * @example
 * declare const ammo: unknown;
 * if (isScenarioAmmo(ammo)) console.log(ammo.scenario.name);
 */
export function isScenarioAmmo(ammo: unknown): ammo is ScenarioAmmo {
  const { protocol, scenario } = Object(ammo) as Partial<ScenarioAmmo>;
  return protocol === 'scenario' && scenario instanceof Scenario;
}

/** A scenario in a mix. */
export interface WeightedScenario {
  readonly scenario: Scenario;
  /** Its share, relative to the weights of the others: any number above 0. Default 1. */
  readonly weight?: number;
}

/** Options of {@link scenarioAmmo}. */
export interface ScenarioAmmoOptions {
  /** How many scenarios are played in the whole run; 0 for no limit. Default 0. */
  readonly limit?: number;
  /** The part of the run that this process plays. Default: the whole. */
  readonly share?: Share;
  /** Time for subscribers; a pulling consumer brings its own. Default: real time. */
  readonly scheduler?: SchedulerLike;
}

/** The same scenario, repeated without end. */
class RepeatCursor extends BaseCursor<Scenario> {
  constructor(private readonly scenario: Scenario) {
    super();
  }

  protected override draw(): Scenario {
    return this.scenario;
  }

  protected override drawable(): number {
    return Number.POSITIVE_INFINITY;
  }
}

/** The scenarios of one share as ammo, numbered by their place in the whole run. */
class ScenarioAmmoCursor extends ForwardingCursor<ScenarioAmmo, Scenario> {
  /** Global index of the next one. */
  #next: number;

  constructor(
    source: Cursor<Scenario>,
    private readonly end: number,
    private readonly share: Share,
  ) {
    super(source);
    this.#next = nthOfShare(share, 0);
  }

  protected override draw(): Polled<ScenarioAmmo> {
    const index = this.#next;
    if (index >= this.end) return DONE;
    const scenario = this.source.poll();
    if (scenario === PENDING || scenario === DONE) return scenario;
    this.#next = nextInShare(this.share, index);
    return { protocol: 'scenario', id: index + 1, tag: scenario.name, scenario };
  }

  protected override drawable(): number {
    return countInShare(this.share, this.end, this.#next);
  }

  /** Scenarios have no end. */
  override release(): void {}
}

/** The issue of a mix; undefined when it is valid. */
export function mixIssue(
  mix: readonly WeightedScenario[],
): { readonly message: string; readonly hint: string } | undefined {
  if (mix.length === 0) return { message: 'there are no scenarios to play', hint: 'give at least one' };
  const named = new Map<string, Scenario>();
  for (const { scenario, weight = 1 } of mix) {
    if (!(weight > 0 && Number.isFinite(weight))) {
      const message = `scenario "${scenario.name}" has weight ${weight}, expected a number above 0`;
      return { message, hint: 'remove a scenario that should not be played' };
    }
    const other = named.get(scenario.name);
    if (other !== undefined && other !== scenario) {
      const hint = 'give one of them another name, so that their samples can be distinguished';
      return { message: `two scenarios are named "${scenario.name}"`, hint };
    }
    named.set(scenario.name, scenario);
  }
  return undefined;
}

const A_SCENARIO = {
  expected: 'a scenario',
  holds: (value: unknown) => value instanceof Scenario,
  hint: 'such as scenario(name, step) returns',
};

/**
 * A provider of scenarios, mixed by weight with exact shares: after any number of starts, the number of starts of each
 * scenario differs from its share by less than 1.
 *
 * ```text
 * browse, weight 2, buy, weight 1       browse buy browse browse buy browse ...
 * thread 1 of 2                         browse     browse        buy        ...
 * ```
 *
 * - It is `mixAmmo` over one endless provider per scenario, so all shares of a run follow one order.
 * - `id` is the place of the start in the whole run, from 1, and `tag` is the name of the scenario.
 * - Endless, unless there is a `limit`.
 *
 * @throws ElpisError `ELPIS_CONFIG` for no scenarios, a weight that is not above 0, or two scenarios of the same name.
 * @see mixAmmo, for a mix of scenarios with other providers of scenarios.
 *
 * @example
 * const browse = scenario('browse', get('goods', '/goods'));
 * const buy = scenario('buy', post('order', '/order'));
 * scenarioAmmo([{ scenario: browse, weight: 2 }, { scenario: buy }], { limit: 3 }).subscribe(({ tag }) => console.log(tag));
 */
export function scenarioAmmo(
  mix: readonly WeightedScenario[],
  { limit = 0, share = WHOLE, scheduler }: ScenarioAmmoOptions = {},
): Pullable<ScenarioAmmo> {
  checkArgument('scenarioAmmo', 'mix', mix, A_LIST);
  const scenarios = mix.map((each) => (Object(each) as Partial<WeightedScenario>).scenario);
  checkEach('scenarioAmmo', 'the scenario of item', scenarios, A_SCENARIO);
  const issue = mixIssue(mix);
  if (issue !== undefined) throw new ElpisError('ELPIS_CONFIG', issue.message, { hint: issue.hint });
  const end = limit <= 0 ? Number.POSITIVE_INFINITY : limit;
  const providers = mix.map(({ scenario, weight = 1 }) => ({
    weight,
    ammo: new Pullable<Scenario>(() => new RepeatCursor(scenario)),
  }));
  const mixed = mixAmmo<Scenario[]>(providers, { share });
  return new Pullable<ScenarioAmmo>(
    (clock) => new ScenarioAmmoCursor(openCursor(mixed, clock, {}, 'ammo'), end, share),
    defined({ scheduler }),
  );
}
