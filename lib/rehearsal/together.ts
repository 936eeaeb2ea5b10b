import type { TargetModel } from './targetModel.js';

/**
 * Several models as one target: their times add up, and the first failure is the answer. Such as a network before a queue.
 *
 * Formula: `T = T1 + T2 + ...`, up to the first model that fails.
 *
 * @example
 * const target = together(constantLatency(5), queueModel({ servers: 8, service: 5 }));
 */
export function together(...models: readonly TargetModel[]): TargetModel {
  return {
    name: models.map(({ name }) => name).join(' + '),
    start: (start) => {
      const rules = models.map((model) => model.start(start));
      return (answer, now, tag) => {
        for (const rule of rules) {
          rule(answer, now, tag);
          if (answer.netCode !== 0 || answer.status >= 400) return;
        }
      };
    },
  };
}
