import type { CodecIssue } from '../../../codec/issue.js';
import type { Random } from '../../../core/deps.js';
import type { VariableSource } from '../model.js';
import type { PrintOptions } from '../values/goPrint.js';
import type { GoMap, GoValue } from '../values/goValue.js';
import { fileValue } from './fileSources.js';
import { variableIssues, variablesOf } from './variables.js';

/** The sources of a file, read. */
export interface LoadedSources {
  /** What is wrong with them: files that are missing or are not what they should be, calls that fail. */
  readonly issues: readonly CodecIssue[];
  /**
   * Their values, by name.
   *
   * @param random For the calls of functions in `variables`. It MUST be the same in all threads.
   */
  values(random: Random): GoMap;
}

/**
 * Reads the files of the sources, once. Of two sources with one name the last one counts.
 *
 * - `file/csv` is a list of maps of texts, `file/json` the first JSON value of a file, `variables` a map.
 * - What is wrong is an issue at its place in the scenario file.
 */
export function loadSources(sources: readonly VariableSource[], print: PrintOptions): LoadedSources {
  const issues: CodecIssue[] = [];
  const files = new Map<VariableSource, GoValue>();
  for (const source of sources) {
    if (source.type === 'variables') issues.push(...variableIssues(source, print));
    else files.set(source, fileValue(source, issues));
  }
  return {
    issues,
    values: (random) => {
      const values = Object.create(null) as Record<string, GoValue>;
      for (const source of sources)
        values[source.name] = source.type === 'variables' ? variablesOf(source, random, print) : files.get(source);
      return values;
    },
  };
}
