import { isLeft } from 'fp-ts/lib/Either.js';
import { builtins } from '../../builtins/builtins.js';
import { text } from '../../codec/scalars.js';
import { type ComponentDescription, describeComponents } from '../../config/describeComponents.js';
import { loadConfig } from '../../config/loadConfig.js';
import { ElpisError } from '../../core/errors.js';
import { argument, command, flag, value } from '../command.js';
import { componentText } from '../componentText.js';
import { EXIT_CODES } from '../exitCodes.js';
import { type Io, printError } from '../terminal.js';

/** The components of a config: the built-in ones, and those of its modules. */
export async function describeFor(
  config: string | undefined,
  io: Io,
): Promise<readonly ComponentDescription[] | undefined> {
  if (config === undefined) return describeComponents(builtins());
  const loaded = await loadConfig(config, { registry: builtins(), stdin: io.stdin, env: io.env })();
  if (!isLeft(loaded)) return describeComponents(loaded.right.registry, loaded.right.used);
  printError(loaded.left, io);
  return undefined;
}

async function listComponents(
  kind: string | undefined,
  { json, config }: { readonly json: boolean; readonly config: string | undefined },
  io: Io,
): Promise<number> {
  const all = await describeFor(config, io);
  if (all === undefined) return EXIT_CODES.badUsage;
  const kinds = [...new Set(all.map((component) => component.kind))];
  const chosen = kind === undefined ? all : all.filter((component) => component.kind === kind);
  if (chosen.length === 0) {
    printError(new ElpisError('ELPIS_USAGE', `there is no kind ${kind}; expected ${kinds.join(', ')}`), io);
    return EXIT_CODES.badUsage;
  }
  io.stdout.write(json ? `${JSON.stringify(chosen, null, 2)}\n` : chosen.map(componentText).join('\n'));
  return EXIT_CODES.ok;
}

/** `elpis plugins`: every component, or those of one kind, with their keys; with a config also those of its modules. */
export const pluginsCommand = command({
  name: 'plugins',
  describe: 'list every component with its keys, types and defaults',
  options: {
    kind: argument('only components of one kind, such as gun'),
    config: value('file', text, 'also list the components of the modules of a config'),
    json: flag('print JSON'),
  },
  run: ({ kind, ...options }, io) => listComponents(kind, options, io),
});
