import type { ScalarTag } from 'yaml';
import { parseInteger } from '../../codec/parseInteger.js';

/**
 * Whole numbers that Pandora's YAML reader knows beyond YAML 1.2 core: underscores between digits (`10_000`), binary
 * (`0b101`) and octal with a leading 0 (`0644`).
 */
export const wholeNumberTag: ScalarTag = {
  tag: 'tag:yaml.org,2002:int',
  default: true,
  identify: () => false,
  test: /^[-+]?(0b(_?[01])+|0x(_?[\da-fA-F])+|0(_?[0-7])+|[1-9]\d*(_\d+)+)$/,
  resolve: (text: string) => parseInteger(text) ?? Number(text.replaceAll('_', '')),
};
