import { readFileSync } from 'node:fs';
import { SourceMap, type SourceMapping } from 'node:module';
import { fileURLToPath } from 'node:url';

const PLACE = /(file:\/\/[^\s()]+\.js):(\d+):(\d+)/g;

function mapOf(url: string): SourceMap | undefined {
  try {
    return new SourceMap(JSON.parse(readFileSync(`${fileURLToPath(url)}.map`, 'utf8')));
  } catch {
    return undefined;
  }
}

/**
 * The stack of an error with places in the sources, such as `lib/cli/main.ts:70:3`, where a file of the stack has a source map
 * beside it. Maps are read only here: with `--enable-source-maps` Node reads one at every access to a stack, also
 * during a run.
 */
export function sourceStack({ stack = '' }: Error): string {
  const maps = new Map<string, SourceMap | undefined>();
  return stack.replaceAll(PLACE, (place, url: string, line: string, column: string) => {
    if (!maps.has(url)) maps.set(url, mapOf(url));
    const found = maps.get(url)?.findEntry(Number(line) - 1, Number(column) - 1) as Partial<SourceMapping> | undefined;
    if (found?.originalSource === undefined) return place;
    const { originalSource, originalLine = 0, originalColumn = 0 } = found;
    return `${originalSource.replace(/^(\.\.\/)+/, '')}:${originalLine + 1}:${originalColumn + 1}`;
  });
}
