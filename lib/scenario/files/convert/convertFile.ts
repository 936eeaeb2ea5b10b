import type { HttpScenarioFile } from '../model.js';
import { rotation } from '../rotation.js';
import { Conversion, Names, type Unconverted } from './code.js';
import { scenarioCode } from './scenarioCode.js';
import { SourceCode } from './sources.js';

/** A scenario file as code. */
export interface ConvertedFile {
  readonly code: string;
  /** What has no like in code; each is a comment at its place. */
  readonly unconverted: readonly Unconverted[];
}

/** What the code uses itself. */
const OWN_NAMES = (
  'scenario request check extract feed pause loop parallel csvFeeder rowsFeeder generatorFeeder jsonPath xpath header orElse ' +
  'status bodyHas headerIs size randomUUID flow part turn vars random _index Math String Array'
).split(' ');

/**
 * A scenario file as a module in TypeScript that exports the same scenarios, for the provider `scenario` and the gun `scenario`.
 *
 * - Requests, checks, variables, rows and pauses become steps of `elpis/scenario`. Tags are `SCENARIO/REQUEST`.
 * - The mix has the same shares, but scenarios are played in turn, not in blocks.
 * - A construct that has no like in code is a comment with the reason, and is in `unconverted`.
 *
 * @param name How a comment calls the file.
 */
export function convertFile(file: HttpScenarioFile, name: string): ConvertedFile {
  const conversion = new Conversion();
  const names = new Names(OWN_NAMES);
  const sources = new SourceCode(file.variableSources, names, conversion);
  const { counts } = rotation(file.scenarios);
  const scenarios = file.scenarios.map((each) => {
    const id = names.take(each.name);
    return { id, lines: scenarioCode(each, id, sources, conversion) };
  });
  const played = scenarios.filter((_, i) => (counts[i] as number) > 0);
  const weighted = scenarios.flatMap(({ id }, i) =>
    counts[i] === 0 ? [] : [`{ scenario: ${id}, weight: ${counts[i]} }`],
  );
  const imported = [...conversion.imports].sort();
  const one = `import { ${imported.join(', ')} } from 'elpis/scenario';`;
  const imports =
    one.length <= 120 ? one : `import {\n${imported.map((each) => `  ${each},\n`).join('')}} from 'elpis/scenario';`;
  const parts = [
    `// Converted from ${name.replaceAll(/[\r\n]/g, ' ')}: elpis convert. Play it with the gun scenario, and cookies: off.`,
    ...(conversion.usesUuid ? ["import { randomUUID } from 'node:crypto';"] : []),
    imports,
    '',
    ...sources.declarations.flatMap((declaration) => [declaration, '']),
    ...scenarios.flatMap(({ lines }) => [...lines, '']),
    played.length === 1 ? `export default ${played[0]?.id};` : `export default [${weighted.join(', ')}];`,
    '',
  ];
  return { code: parts.join('\n'), unconverted: conversion.unconverted };
}
