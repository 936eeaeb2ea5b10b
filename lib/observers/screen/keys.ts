/** The name of a key: a character, or one of these words. */
export type Key = string;

const NAMES: Readonly<Record<string, Key>> = {
  '\x03': 'ctrl-c',
  '\x0c': 'ctrl-l',
  '\x1a': 'ctrl-z',
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  ' ': 'space',
  '\x7f': 'backspace',
  '\b': 'backspace',
  '\x1b': 'escape',
  '\x1b[A': 'up',
  '\x1b[B': 'down',
  '\x1bOA': 'up',
  '\x1bOB': 'down',
};

/** A sequence of a special key, or one character. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the codes of keys are control characters.
const KEY = /\x1b\[[0-?]*[ -/]*[@-~]|\x1bO.|[\s\S]/gu;

/** The keys in what a terminal has sent. Special keys without a name, and other control characters, are left out. */
export function keysOf(text: string): readonly Key[] {
  return [...text.matchAll(KEY)].flatMap(([sequence]) => {
    const name = NAMES[sequence];
    if (name !== undefined) return [name];
    return /^\P{Cc}$/u.test(sequence) ? [sequence] : [];
  });
}
