import type { Example } from './example.js';

const FENCE = /^\s*(`{3,})\s*([^`]*)$/;

/**
 * The ```ts blocks among lines of Markdown. A block whose fence is `ts continues` continues the block before it.
 * Another name for TypeScript or JavaScript is refused, so that all code is checked.
 */
export function fencedExamples(file: string, lines: readonly string[], firstLine = 1): Example[] {
  const found: Example[] = [];
  for (let at = 0; at < lines.length; at++) {
    const [, ticks, info = ''] = FENCE.exec(lines[at] ?? '') ?? [];
    if (ticks === undefined) continue;
    const start = at + 1;
    do at++;
    while (at < lines.length && lines[at]?.trim() !== ticks);
    const [language, ...words] = info.trim().split(/\s+/);
    if (/^(typescript|tsx|javascript|jsx?|mjs|mts)$/.test(language ?? ''))
      throw new Error(`${file}:${firstLine + start - 1}: a fence says ${language}; write ts, so that it is compiled`);
    if (language !== 'ts') continue;
    found.push({
      file,
      line: firstLine + start,
      code: lines.slice(start, at).join('\n'),
      continues: words.includes('continues'),
    });
  }
  return found;
}
