import { tap } from 'rxjs';
import { regex } from '../codec/regex.js';
import { optional } from '../codec/optional.js';
import { required } from '../codec/required.js';
import { struct } from '../codec/struct.js';
import { text } from '../codec/text.js';
import { defineOperator } from '../engine/defineOperator.js';

/** The `retag` operator: `/user/17` and `/user/18` become one tag, `/user/*`. */
export const retagOperator = defineOperator('samples', {
  name: 'retag',
  summary: 'Rewrites the tags of samples by a regular expression.',
  codec: () =>
    struct('retag', {
      pattern: required(regex, 'what is replaced in a tag, everywhere in it'),
      replacement: optional(text, '*', 'what stands there instead; $1 is the first group'),
    }),
  create: ({ pattern, replacement }) =>
    tap((sample) => {
      if (sample.tag !== '') sample.tag = sample.tag.replace(pattern, replacement);
    }),
});
