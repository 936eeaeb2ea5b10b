import { AN_OBJECT, checkArgument } from '../core/argument.js';
import { ElpisError } from '../core/errors.js';
import type { Millis } from '../core/units.js';
import { TagRegistry } from './context.js';
import { plainName } from './scenarioFailure.js';
import type { NoVars, Step, Vars } from './session.js';
import { StepRunner } from './stepRunner.js';

/** Options of a {@link scenario}. */
export interface ScenarioOptions {
  /**
   * The longest time from its start to its end, in milliseconds, pauses included. After it, a request under way is
   * aborted and recorded as `aborted`, and the scenario fails as `timed out after 5000ms`. Default: the limit of the
   * gun, which has none by default.
   */
  readonly timeoutMs?: Millis;
}

/**
 * The steps of one virtual user: a name and a pipeline over a typed session. `scenarioGun` plays it; `playScenario`
 * tests it.
 */
export class Scenario {
  readonly tags = new TagRegistry();

  /** Undefined: the limit of the gun applies. */
  readonly timeoutMs: Millis | undefined;

  constructor(
    readonly name: string,
    private readonly step: Step<NoVars, Vars>,
    options: ScenarioOptions = {},
  ) {
    plainName('scenario', name);
    checkArgument(`scenario "${name}"`, 'options', options, AN_OBJECT);
    const { timeoutMs } = options;
    if (typeof step !== 'function')
      throw new ElpisError('ELPIS_CONFIG', `scenario "${name}": its steps are ${String(step)}, expected a function`, {
        hint: `scenario('${name}', (flow) => flow.pipe(get('home', '/')))`,
      });
    if (timeoutMs !== undefined && !(timeoutMs > 0))
      throw new ElpisError('ELPIS_CONFIG', `scenario "${name}": timeoutMs is ${timeoutMs}, expected a number above 0`);
    this.timeoutMs = timeoutMs;
    this.tags.tag('', name, 'scenario');
    this.runner();
  }

  /** Builds the pipeline, for one instance. */
  runner(): StepRunner<NoVars, Vars> {
    return new StepRunner(this.step);
  }
}

/**
 * Defines a scenario: steps piped one after another, each with the variables of the steps before it. A variable that
 * no step before it has added is a compile error.
 *
 * ```text
 * start      s-----------------------------|
 * scenario   ---login---~~~~---browse------|     requests and a pause; a sample for each request and one for the whole
 * ```
 *
 * - It is plain RxJS: any operator can be used between the steps, and `.pipe` may follow `.pipe` when nine steps are
 *   not enough.
 * - The pipeline is built at once, so that wrong options throw early, and then once for each instance that plays it.
 *   State that an operator keeps between subscriptions, as `shareReplay` does, is kept from one run to the next.
 * - A request or check that fails ends the scenario with a {@link ScenarioFailure} in the flow. It is counted, and is
 *   not an error of the run. Any other error in the flow ends the run.
 * - Tags are names joined by slashes: `shop` is the scenario, `shop/login` a request, `shop/checkout` a group, and
 *   `shop/checkout/order` a request in that group.
 *
 * @throws ElpisError `ELPIS_CONFIG` for a name that cannot be a tag, a timeout that is not above 0, and wrong options of its steps.
 *
 * @example
 * const shop = scenario('shop', (flow) =>
 *   flow.pipe(
 *     get('home', '/'),
 *     check({ 'is there': status(200) }),
 *     pause(1000),
 *     get('goods', '/goods'),
 *   ),
 * );
 */
export function scenario<Out extends Vars>(
  name: string,
  step: Step<NoVars, Out>,
  options: ScenarioOptions = {},
): Scenario {
  return new Scenario(name, step, options);
}
