import { concatMap, type OperatorFunction } from 'rxjs';
import { A_LIST, AN_OBJECT, checkArgument, checkEach } from '../../core/argument.js';
import { ElpisError } from '../../core/errors.js';
import { A_STEP } from '../arguments.js';
import type { Flow, Session, Step, Vars } from '../session.js';
import { StepRunner } from '../stepRunner.js';

/** A step that can be selected. */
export interface Choice<V extends Vars, Out extends Vars> {
  /** Its share, relative to the weights of the others: any number above 0. */
  readonly weight: number;
  readonly step: Step<V, Out>;
}

/**
 * Plays one of several steps, selected at random.
 *
 * ```text
 * flow                                 s------|   s------|   s------|
 * weightedChoice([2 x a, 1 x b])       --a----|   -b-----|   --a----|
 * ```
 *
 * - The choice depends on the seed of the run and the index of the scenario's start, so it is the same for any number of
 *   instances and threads. (The mix of scenarios in a pool is exact, not random.)
 * - After it, a session has the variables of one of them: those that all return can be used.
 *
 * @throws ElpisError `ELPIS_CONFIG` for no choices, or a weight that is not a number above 0.
 *
 * @example
 * declare const flow: Flow;
 * flow.pipe(
 *   weightedChoice([
 *     { weight: 3, step: get('goods', '/goods') },
 *     { weight: 1, step: (one) => one.pipe(get('search', '/search'), pause(500)) },
 *   ]),
 * );
 */
export function weightedChoice<V extends Vars, Outs extends readonly Vars[]>(
  choices: readonly [...{ [K in keyof Outs]: Choice<V, Outs[K]> }],
): OperatorFunction<Session<V>, Session<Outs[number]>> {
  const all = choices as readonly Choice<V, Outs[number]>[];
  checkArgument('weightedChoice', 'choices', choices, A_LIST);
  if (all.length === 0)
    throw new ElpisError('ELPIS_CONFIG', 'weightedChoice: the list of choices is empty, expected at least one');
  checkEach('weightedChoice', 'choice', all, AN_OBJECT);
  for (const { weight } of all) {
    if (weight > 0 && Number.isFinite(weight)) continue;
    throw new ElpisError('ELPIS_CONFIG', `weightedChoice: weight is ${weight}, expected a number above 0`, {
      hint: 'leave out a choice that should not be played',
    });
  }
  checkEach(
    'weightedChoice',
    'the step of choice',
    all.map(({ step }) => step),
    A_STEP,
  );
  const sum = all.reduce((total, { weight }) => total + weight, 0);
  return (flow) => {
    const runners = all.map(({ weight, step }) => ({ weight, runner: new StepRunner(step) }));
    return flow.pipe(
      concatMap((session): Flow<Outs[number]> => {
        let left = session.scope.random() * sum;
        const chosen = runners.find(({ weight }) => {
          left -= weight;
          return left < 0;
        });
        return (chosen ?? (runners.at(-1) as (typeof runners)[number])).runner.play(session);
      }),
    );
  };
}
