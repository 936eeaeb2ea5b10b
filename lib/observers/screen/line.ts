import { characterWidth, printable, textWidth } from './textWidth.js';

/** The look of a text. `heat` is a level from 0 to 1 of a map, drawn in two halves of a cell. */
export type Tone =
  | 'plain'
  | 'dim'
  | 'bold'
  | 'good'
  | 'warn'
  | 'bad'
  | 'accent'
  | 'reverse'
  | { readonly upper: number; readonly lower: number };

/** A text of one look. */
export interface Span {
  readonly text: string;
  readonly tone: Tone;
}

/** A row of the screen. */
export type Line = readonly Span[];

/** How many colours a terminal has: none, 16 or 256. */
export type Colours = 0 | 16 | 256;

/** A text of one look; without control characters. */
export const span = (text: string, tone: Tone = 'plain'): Span => ({ text: printable(text), tone });

/** The number of cells of a line. */
export const lineWidth = (line: Line): number => line.reduce((sum, { text }) => sum + textWidth(text), 0);

/** The beginning of a text that fits into a number of cells. */
function head(text: string, width: number): string {
  let used = 0;
  let end = 0;
  for (const character of text) {
    used += characterWidth(character);
    if (used > width) break;
    end += character.length;
  }
  return text.slice(0, end);
}

/** A text with exactly `width` cells: cut with an ellipsis, or filled with blanks on one side. */
export function cell(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  if (width <= 0) return '';
  const clean = printable(text);
  const cells = textWidth(clean);
  const shown = cells <= width ? clean : `${head(clean, width - 1)}…`;
  const blanks = ' '.repeat(Math.max(0, width - textWidth(shown)));
  return align === 'left' ? shown + blanks : blanks + shown;
}

/** A line with exactly `width` cells: cut with an ellipsis, or filled with blanks at its end. */
export function fit(line: Line, width: number): Line {
  const missing = width - lineWidth(line);
  if (missing === 0) return line;
  if (missing > 0) return [...line, { text: ' '.repeat(missing), tone: 'plain' }];
  const cut: Span[] = [];
  let left = width;
  for (const { text, tone } of line) {
    const cells = textWidth(text);
    if (cells < left) {
      cut.push({ text, tone });
      left -= cells;
    } else {
      cut.push({ text: cell(`${text}…`, left), tone });
      break;
    }
  }
  return cut;
}

/** A panel with exactly `height` lines of `width` cells. */
export function box(lines: readonly Line[], width: number, height: number): readonly Line[] {
  return Array.from({ length: height }, (_, row) => fit(lines[row] ?? [], width));
}

/** Panels side by side, with a rule between them. They have the same height. */
export function beside(...panels: readonly (readonly Line[])[]): readonly Line[] {
  const [first = []] = panels;
  return first.map((_, row) =>
    panels.flatMap((lines, column) => [...(column === 0 ? [] : [span('│', 'dim')]), ...(lines[row] ?? [])]),
  );
}

/** A rule with a title: the top of a panel. */
export function title(text: string, width: number, note = ''): Line {
  const end = note === '' ? '' : ` ${note}`;
  const rule = Math.max(0, width - textWidth(printable(text)) - textWidth(printable(end)) - 4);
  return fit([span('─ ', 'dim'), span(text, 'accent'), span(` ${'─'.repeat(rule)}─`, 'dim'), span(end, 'dim')], width);
}

const SGR: Readonly<Record<Exclude<Tone, object>, Readonly<Record<16 | 256, string>>>> = {
  plain: { 16: '', 256: '' },
  dim: { 16: '2', 256: '38;5;244' },
  bold: { 16: '1', 256: '1' },
  good: { 16: '32', 256: '38;5;108' },
  warn: { 16: '33', 256: '38;5;179' },
  bad: { 16: '31;1', 256: '38;5;167;1' },
  accent: { 16: '36', 256: '38;5;110' },
  reverse: { 16: '7', 256: '7' },
};

/** From few to many: a calm ramp of the 256 colours, dark blue to yellow. */
const RAMP = [17, 18, 24, 30, 36, 72, 108, 144, 179, 215, 221, 229];
const SHADES = [' ', '░', '▒', '▓', '█'];

/** A level above 0 is visible, however small it is. */
const step = (level: number, steps: number): number =>
  level <= 0 ? 0 : Math.min(steps - 1, 1 + Math.floor(level * (steps - 1)));

function heat(upper: number, lower: number, colours: Colours): string {
  if (colours !== 256) return SHADES[step(Math.max(upper, lower), SHADES.length)] as string;
  const colour = (level: number): string => `${RAMP[step(level, RAMP.length + 1) - 1]}`;
  if (upper <= 0 && lower <= 0) return ' ';
  if (upper <= 0) return `\x1b[38;5;${colour(lower)}m▄\x1b[0m`;
  if (lower <= 0) return `\x1b[38;5;${colour(upper)}m▀\x1b[0m`;
  return `\x1b[38;5;${colour(upper)};48;5;${colour(lower)}m▀\x1b[0m`;
}

/** A line as text of a terminal. Without colours it has no escape codes. */
export function paint(line: Line, colours: Colours): string {
  let text = '';
  for (const { text: shown, tone } of line) {
    if (typeof tone === 'object') text += heat(tone.upper, tone.lower, colours);
    else if (colours === 0 || SGR[tone][colours] === '') text += shown;
    else text += `\x1b[${SGR[tone][colours]}m${shown}\x1b[0m`;
  }
  return text;
}
