import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';

const css = readFileSync(new URL('../../../lib/page/client/style/colours.css', import.meta.url), 'utf8');

/** The colours of a theme: those of the light one, replaced by those of the dark one. */
function coloursOf(theme: 'light' | 'dark'): ReadonlyMap<string, string> {
  const blocks = [...css.matchAll(/^:root(\[data-theme="dark"\])? \{\n([\s\S]*?)^\}/gm)];
  const used = blocks.filter(([, dark]) => theme === 'dark' || dark === undefined);
  assert.equal(blocks.length, 2);
  return new Map(
    used.flatMap(([, , body = '']) =>
      [...body.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name = '', hex = '']) => [name, hex] as const),
    ),
  );
}

/** The relative luminance of WCAG 2. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: string, other: string): number {
  const [a, b] = [luminance(one), luminance(other)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

/** [the least contrast, colours, backgrounds]: 4.5 for texts, 3 for lines of charts and marks. */
const RULES: readonly (readonly [number, readonly string[], readonly string[]])[] = [
  [4.5, ['text', 'muted'], ['bg', 'card', 'good-bg', 'warn-bg', 'bad-bg', 'grid']],
  [4.5, ['good-text'], ['card', 'bg', 'good-bg']],
  [4.5, ['warn-text'], ['card', 'warn-bg']],
  [4.5, ['bad-text'], ['card', 'bg', 'bad-bg']],
  [4.5, ['accent'], ['card', 'bg']],
  [3, ['blue', 'teal', 'green', 'amber', 'orange', 'red', 'violet', 'grey'], ['card']],
];

describe('the colours of the page', () => {
  for (const theme of ['light', 'dark'] as const) {
    const colours = coloursOf(theme);
    for (const [least, texts, backgrounds] of RULES)
      it(`${theme}: ${texts.join(', ')} on ${backgrounds.join(', ')} have a contrast of at least ${least}`, () => {
        for (const text of texts)
          for (const background of backgrounds) {
            const ratio = contrast(colours.get(text) ?? '', colours.get(background) ?? '');
            assert.ok(ratio >= least, `${text} on ${background}: ${ratio.toFixed(2)}`);
          }
      });
  }
});
