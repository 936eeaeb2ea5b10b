// An operator of samples: hides ids in tags, and adds to each tag how the operation went.
import { defineOperator, type NetSample, optional, regex, struct, text } from 'elpis';
import { map } from 'rxjs';

function verdict({ outcome, errorName, protoCode }: NetSample): string {
  if (outcome !== 'shot') return outcome;
  return errorName === '' ? `${Math.floor(protoCode / 100)}xx` : 'error';
}

export default defineOperator('samples', {
  name: 'redact',
  summary: 'Hides ids in tags and adds how the operation went.',
  options: struct('redact', {
    pattern: optional(regex, /[0-9]+/gu, 'what is hidden in a tag'),
    mark: optional(text, '*', 'what stands there instead'),
  }),
  // A copy, not the sample itself: other consumers may see that one too.
  create: ({ pattern, mark }) =>
    map((sample) => sample.with({ tag: `${sample.tag.replace(pattern, mark)}:${verdict(sample)}` })),
});
