import type { ModelResponse, TargetModel } from '../../../lib/rehearsal/models/targetModel.js';
import { seededRandom } from '../../../lib/time/seededRandom.js';

/** The responses of a model to requests that arrive at these moments (milliseconds from its start). */
export function responsesOf(model: TargetModel, arrivals: Iterable<number>, seed = 1, tag = ''): ModelResponse[] {
  const startAt = 1_000_000;
  const rule = model.start({ random: seededRandom(seed), startAt });
  return Array.from(arrivals, (at) => {
    const response = { afterMs: 0, status: 200, netCode: 0, errorName: '' };
    rule(response, startAt + at, tag);
    return response;
  });
}

/** The times of many responses, sorted. */
export function sortedTimes(responses: readonly ModelResponse[]): number[] {
  return responses.map(({ afterMs }) => afterMs).sort((a, b) => a - b);
}
