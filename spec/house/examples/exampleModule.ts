import { dirname, join } from 'node:path/posix';
import type { Example } from './example.js';
import { freeNames } from './freeNames.js';

/** How a name is imported, such as `import { map } from 'rxjs';`. `undefined` for a name that has to be declared. */
export type ImportOf = (name: string, example: Example) => string | undefined;

/** An example as a module: the first line imports what it uses, then its code follows. */
export interface ExampleModule {
  /** Beside the file that the example is in, from the root of the project. */
  readonly path: string;
  readonly text: string;
  /** The place of a line of the module (from 0) in its file. */
  readonly placeOf: (line: number) => string;
}

/** The module of an example, with the examples before it that it continues. `id` tells it from other modules. */
export function exampleModule(parts: readonly Example[], importOf: ImportOf, id: number): ExampleModule {
  const example = parts.at(-1) as Example;
  const code = parts.map((part) => part.code).join('\n');
  const imports = freeNames(code).flatMap((name) => importOf(name, example) ?? []);
  const places = [example.line, ...parts.flatMap((part) => part.code.split('\n').map((_, i) => part.line + i))];
  return {
    path: join(dirname(example.file), `example ${id}.ts`),
    text: `${[...imports, 'export {};'].join(' ')}\n${code}\n`,
    placeOf: (line) => `${example.file}:${places[line] ?? places.at(-1)}`,
  };
}
