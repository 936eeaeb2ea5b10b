import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { endpoint } from '../../codec/net.js';
import { oneOf } from '../../codec/scalars.js';
import {
  exampleConfig,
  exampleModule,
  exampleResponses,
  exampleScenario,
  scenarioConfig,
  scenarioModule,
} from '../../config/exampleConfig.js';
import { exampleScenarioFile, scenarioFileConfig, scenarioFileModule } from '../../config/exampleScenarioFile.js';
import { withContext } from '../../core/errorContext.js';
import { ElpisError } from '../../core/errors.js';
import { argument, command, flag, type Given, value } from '../command.js';
import { EXIT_CODES } from '../exitCodes.js';

const OPTIONS = {
  file: argument('the file; by default load.yaml, or load.ts with --typescript'),
  target: value('host:port', endpoint, 'address of the target', { fallback: '127.0.0.1:8080' }),
  scenario: flag('play a scenario, which is written to a file in the same folder'),
  as: value(
    'format',
    oneOf(['ts', 'hcl', 'yaml']),
    'with --scenario: in code, or a file in HCL or YAML as for Pandora',
    {
      fallback: 'ts',
    },
  ),
  typescript: flag('write the config in TypeScript'),
  force: flag('replace existing files'),
};

/** The file with the responses of a rehearsal. */
const responsesBeside = (config: string): string => join(dirname(config), 'responses.ts');

const asModule = (path: string): string => (isAbsolute(path) ? path : `./${path}`);

/** The files to write; the config is first. */
function filesOf({
  file,
  target,
  scenario,
  as,
  typescript,
}: Given<typeof OPTIONS>): readonly (readonly [path: string, text: string])[] {
  const path = file ?? (typescript ? 'load.ts' : 'load.yaml');
  const options = { target: target.text };
  if (!scenario) return [[path, typescript ? exampleModule(options) : exampleConfig(options)]];
  const name = `scenario.${as}`;
  const beside = join(dirname(path), name);
  const responses = [responsesBeside(path), exampleResponses] as const;
  if (as === 'ts') {
    return [
      [path, typescript ? scenarioModule(options, name) : scenarioConfig(options, name)],
      [beside, exampleScenario],
      responses,
    ];
  }
  return [
    [path, typescript ? scenarioFileModule(options, beside) : scenarioFileConfig(options, beside)],
    [beside, exampleScenarioFile[as]],
    responses,
  ];
}

/** The next commands. `npx` finds a command that is installed in the project or globally. */
function nextSteps(path: string, { scenario, typescript }: Given<typeof OPTIONS>): string {
  const steps: (readonly [type: string, why: string])[] = [
    ['npx elpis target &', 'a server to shoot at'],
    [`npx elpis run ${path}`, 'the load test'],
  ];
  if (scenario)
    steps.unshift([
      `npx elpis rehearse ${path} --target 'constant(20ms)' --responses ${asModule(responsesBeside(path))}`,
      'without a server, in virtual time',
    ]);
  if (!typescript)
    steps.push([
      `npx elpis schema --out ${join(dirname(path), 'elpis.schema.json')}`,
      'for completion and checks in editors',
    ]);
  const width = Math.max(...steps.map(([type]) => type.length));
  return `\nNext:\n${steps.map(([type, why]) => `  ${type.padEnd(width)}   # ${why}\n`).join('')}`;
}

/** `elpis init`: writes an example config that runs unchanged against `elpis target`. */
export const initCommand = command({
  name: 'init',
  describe: 'write an example config that runs against the bundled target',
  options: OPTIONS,
  run: async (options, io) => {
    const files = filesOf(options);
    const there = files.find(([path]) => !options.force && existsSync(path));
    if (there !== undefined) throw new ElpisError('ELPIS_USAGE', `${there[0]} already exists; --force replaces it`);
    for (const [path, text] of files) {
      try {
        await writeFile(path, text, { flag: options.force ? 'w' : 'wx' });
      } catch (error) {
        throw withContext(error, {}, { code: 'ELPIS_SINK', what: `${path} cannot be written` });
      }
      io.stdout.write(`wrote ${path}\n`);
    }
    io.stdout.write(nextSteps((files[0] as (typeof files)[number])[0], options));
    return EXIT_CODES.ok;
  },
});
