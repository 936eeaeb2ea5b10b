import type { TargetAnswer, TargetModel } from '../../../lib/rehearsal/models/targetModel.js';
import { seededRandom } from '../../../lib/time/seededRandom.js';

/** What a model answers to requests that arrive at these moments (milliseconds from its start). */
export function answersOf(model: TargetModel, arrivals: Iterable<number>, seed = 1, tag = ''): TargetAnswer[] {
  const startAt = 1_000_000;
  const rule = model.start({ random: seededRandom(seed), startAt });
  return Array.from(arrivals, (at) => {
    const answer = { afterMs: 0, status: 200, netCode: 0, errorName: '' };
    rule(answer, startAt + at, tag);
    return answer;
  });
}

/** The times of many answers, sorted. */
export function sortedTimes(answers: readonly TargetAnswer[]): number[] {
  return answers.map(({ afterMs }) => afterMs).sort((a, b) => a - b);
}
