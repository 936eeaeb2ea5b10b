import { writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, relative, sep } from 'node:path';
import { isLeft } from 'fp-ts/lib/Either.js';
import { builtins } from '../../builtins/builtins.js';
import { nonEmpty } from '../../codec/scalars.js';
import { isSameFile } from '../../config/fileIssues.js';
import { loadRegistry } from '../../config/loadConfig.js';
import { configSchema } from '../../config/schema/configSchema.js';
import { withContext } from '../../core/errorContext.js';
import { ElpisError } from '../../core/errors.js';
import { ALLOW_PLUGINS, argument, command, value } from '../command.js';
import { EXIT_CODES } from '../exitCodes.js';
import { type Io, printError } from '../terminal.js';

/** The path of a schema file, relative to the folder of a config. */
function schemaLine(location: string | undefined, out: string): string {
  const folder = location === undefined || /^(-$|https?:)/.test(location) ? '.' : dirname(location);
  const way = relative(folder, out).split(sep).join('/');
  const named = isAbsolute(out) ? out : way.startsWith('../') ? way : `./${way}`;
  return `# yaml-language-server: $schema=${named}`;
}

async function printSchema(
  location: string | undefined,
  out: string | undefined,
  allowPlugins: boolean,
  io: Io,
): Promise<number> {
  try {
    let registry = builtins();
    if (location !== undefined) {
      const loaded = await loadRegistry(location, { registry, env: io.env, stdin: io.stdin, allowPlugins })();
      if (isLeft(loaded)) throw loaded.left;
      registry = loaded.right;
    }
    if (out !== undefined && location !== undefined && isSameFile(out, location)) {
      const hint = 'for example --out elpis.schema.json';
      throw new ElpisError('ELPIS_USAGE', `--out ${out} is the config itself`, { hint });
    }
    const text = `${JSON.stringify(configSchema(registry), null, 2)}\n`;
    if (out === undefined) io.stdout.write(text);
    else {
      await writeFile(out, text).catch((error: unknown) => {
        throw withContext(error, {}, { code: 'ELPIS_SINK', what: `${out} cannot be written` });
      });
      io.stdout.write(
        `wrote ${out}\n\nFirst line of ${location ?? 'a config in this folder'}, for editors:\n  ${schemaLine(location, out)}\n`,
      );
    }
    return EXIT_CODES.ok;
  } catch (error) {
    printError(error, io);
    return EXIT_CODES.badUsage;
  }
}

/** `elpis schema`: the JSON Schema of configs, with the components of the modules of a config when one is given. */
export const schemaCommand = command({
  name: 'schema',
  describe: 'print a JSON Schema of configs, for editors',
  options: {
    config: argument('a config; the schema then includes the components of its modules'),
    out: value('file', nonEmpty, 'write it to a file'),
    ...ALLOW_PLUGINS,
  },
  run: ({ config, out, allowPlugins }, io) => printSchema(config, out, allowPlugins, io),
});
