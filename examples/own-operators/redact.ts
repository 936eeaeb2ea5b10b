// An operator of samples: hides ids in tags, and adds the outcome of the operation to each tag.
import { defineOperator, type NetSample, optional, regex, struct, text } from 'elpis';
import { map } from 'rxjs';

function verdict({ outcome, errorName, protoCode }: NetSample): string {
  if (outcome !== 'shot') return outcome;
  return errorName === '' ? `${Math.floor(protoCode / 100)}xx` : 'error';
}

export default defineOperator('samples', {
  name: 'redact',
  summary: 'Hides ids in tags and adds the outcome of the operation.',
  options: struct('redact', {
    pattern: optional(regex, /[0-9]+/gu, 'what is hidden in a tag'),
    mark: optional(text, '*', 'its replacement'),
  }),
  // A copy, not the sample itself, which other consumers may also receive.
  create: ({ pattern, mark }) =>
    map((sample) => sample.with({ tag: `${sample.tag.replace(pattern, mark)}:${verdict(sample)}` })),
});
