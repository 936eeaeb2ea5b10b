import { cell, fit, type Line, lineWidth, span, title } from '../line.js';
import { type Shown, windowText } from './shown.js';

/** The keys and what they do. */
export const KEYS_HELP: readonly (readonly [keys: string, does: string])[] = [
  ['p, Space', 'pause and resume'],
  ['+  -', 'rate up and down by 5 %'],
  ['>  <', 'rate up and down by 25 %'],
  ['q', 'stop: no new shots, shots under way may finish'],
  ['Q', 'abort: end at once'],
  ['Ctrl-C', 'stop; a second time: end at once'],
  ['Ctrl-Z', 'suspend; fg continues'],
  ['w', 'window of the figures: 1 s, 10 s, 1 min, all'],
  ['s  S  r', 'sort the tags by the next or the previous column, or reverse'],
  ['/', 'show only tags that contain a text; Esc shows all'],
  ['Up  Down', 'scroll the tags'],
  ['Tab', 'show and control one pool, or all'],
  ['n', 'add a note to the log of the run'],
  ['Ctrl-L', 'draw the screen again'],
  ['?', 'this help'],
];

/** The help, in the middle of the screen. */
export function helpPanel(width: number, height: number): readonly Line[] {
  const lines = KEYS_HELP.map(([keys, does]): Line => [span(`   ${cell(keys, 12)}`, 'bold'), span(does)]);
  const all: readonly Line[] = [title('keys', width, 'any key closes'), [], ...lines];
  return Array.from({ length: height }, (_, row) => fit(all[row] ?? [], width));
}

const STEERING = [
  ['p', 'pause'],
  ['+-', '5 %'],
  ['<>', '25 %'],
] as const;
/** The same keys change how a recorded run is played. */
const PLAYING = [
  ['p', 'pause'],
  ['<>', 'speed'],
] as const;
const KEYS = [
  ['w', 'window'],
  ['s', 'sort'],
  ['/', 'filter'],
  ['q', 'stop'],
  ['?', 'help'],
] as const;

/** The last line: a question, a text that is being typed, or the keys. */
export function footer({ state, view, playback }: Shown, keys: boolean, width: number): Line {
  const { prompt } = state;
  const paused = playback?.paused ?? view.paused;
  if (prompt?.about === 'stop')
    return fit([span(' stop the run? No new shots; shots under way may finish.  y / n', 'warn')], width);
  if (prompt?.about === 'abort')
    return fit([span(' abort the run? Shots under way are cut off.  y / n', 'bad')], width);
  if (prompt !== undefined)
    return fit(
      [span(` ${prompt.about}: `, 'accent'), span(`${prompt.text}_`, 'bold'), span('   Enter, Esc', 'dim')],
      width,
    );
  if (!keys) return fit([span(' Ctrl-C stops', 'dim')], width);
  const text = (key: string, does: string): string =>
    key === 'w' ? windowText(state.windowMs) : key === 'p' && paused ? 'resume' : does;
  const line = [
    span(' '),
    ...[...(playback === undefined ? STEERING : PLAYING), ...KEYS].flatMap(([key, does]) => [
      span(key, 'bold'),
      span(` ${text(key, does)}   `, 'dim'),
    ]),
  ];
  const pool = [span('Tab', 'bold'), span(` ${state.pool ?? 'all pools'}`, 'dim')];
  const fits = lineWidth(line) + lineWidth(pool) <= width;
  return fit(view.pools.length > 1 && fits ? [...line, ...pool] : line, width);
}
