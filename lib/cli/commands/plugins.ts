import { isLeft } from 'fp-ts/lib/Either.js';
import { builtins } from '../../builtins/builtins.js';
import { nonEmpty } from '../../codec/scalars.js';
import { type ComponentDescription, describeComponents } from '../../config/describeComponents.js';
import { loadConfig } from '../../config/loadConfig.js';
import { ElpisError } from '../../core/errors.js';
import { ALLOW_PLUGINS, argument, command, flag, type Given, value } from '../command.js';
import { componentText } from '../componentText.js';
import { EXIT_CODES } from '../exitCodes.js';
import { type Io, printError } from '../terminal.js';

/** The options of a command that lists the components of a config too. */
export const WITH_CONFIG = {
  config: value('file', nonEmpty, 'a config: the components of its modules too'),
  ...ALLOW_PLUGINS,
};

/** The components of a config: the built-in ones, and those of its modules. */
export async function describeFor(
  { config, allowPlugins }: Given<typeof WITH_CONFIG>,
  io: Io,
): Promise<readonly ComponentDescription[] | undefined> {
  if (config === undefined) return describeComponents(builtins());
  const loaded = await loadConfig(config, {
    ...{ registry: builtins(), stdin: io.stdin, env: io.env, allowPlugins },
    // Nothing is run, so the files of its results do not matter.
    writeResults: false,
  })();
  if (!isLeft(loaded)) return describeComponents(loaded.right.registry, loaded.right.used);
  printError(loaded.left, io);
  return undefined;
}

async function listComponents(
  kind: string | undefined,
  { json, ...from }: Given<typeof WITH_CONFIG> & { readonly json: boolean },
  io: Io,
): Promise<number> {
  const all = await describeFor(from, io);
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
    ...WITH_CONFIG,
    json: flag('print JSON'),
  },
  run: ({ kind, ...options }, io) => listComponents(kind, options, io),
});
