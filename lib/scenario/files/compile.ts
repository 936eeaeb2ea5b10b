import { type Either, right } from 'fp-ts/lib/Either.js';
import type { CodecIssue } from '../../codec/issue.js';
import type { Deps } from '../../core/deps.js';
import { Scenario } from '../scenario.js';
import { request } from '../steps/request.js';
import type { ScenarioFile } from './model.js';

export function compileScenarioFile(
  file: ScenarioFile,
): Either<readonly CodecIssue[], (deps: Pick<Deps, 'random' | 'log' | 'share'>) => readonly Scenario[]> {
  return right(() =>
    file.scenarios.map(
      ({ name, runs }) =>
        new Scenario(name, (flow) => {
          let all = flow;
          for (const { step, count } of runs as readonly { step: { name: string; uri?: string }; count: number }[])
            for (let i = 0; i < count; i++) all = all.pipe(request(step.name, 'GET', step.uri ?? '/')) as typeof all;
          return all;
        }),
    ),
  );
}
