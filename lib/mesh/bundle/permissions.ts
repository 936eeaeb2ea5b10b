import { isAbsolute, relative, resolve } from 'node:path';
import type { Config } from '../../config/config.js';
import { ElpisError } from '../../core/errors.js';
import type { Bundle } from '../groupMessages.js';

/** The forms of `--allow`, for messages. */
export const ALLOW_FORMS = 'modules, env=NAME, files=FOLDER or target=HOST[:PORT]';

const CODE = /\.[mc]?[jt]s$/i;

/** True when a path is not below a folder. */
function isOutside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === '' || isAbsolute(way) || way === '..' || /^\.\.[\\/]/.test(way);
}

/** What the owner of a worker lets a run do there. */
export class Permissions {
  readonly #modules: boolean;
  readonly #env: ReadonlySet<string>;
  readonly #folders: readonly string[];
  readonly #targets: readonly string[];

  /** @throws ElpisError `ELPIS_USAGE` for a text of another form. */
  constructor(readonly texts: readonly string[]) {
    for (const text of texts) if (!/^(?:modules|(?:env|files|target)=.+)$/.test(text)) throw unknownForm(text);
    const values = (key: string): readonly string[] =>
      texts.flatMap((text) => (text.startsWith(`${key}=`) ? [text.slice(key.length + 1)] : []));
    this.#modules = texts.includes('modules');
    this.#env = new Set(values('env'));
    this.#folders = values('files').map((folder) => resolve(folder));
    this.#targets = values('target');
  }

  /** The allowed variables of an environment. */
  variables(env: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string | undefined>> {
    return Object.fromEntries(Object.entries(env).filter(([name]) => this.#env.has(name)));
  }

  /** Refuses a bundle before anything of it is written. @throws ElpisError `ELPIS_MESH` with the missing permission. */
  checkBundle({ origin, modules, env, present }: Bundle): void {
    const location = 'location' in origin ? (origin.location ?? '') : '';
    if (isAbsolute(location)) this.#checkFile(location, 'is');
    if (CODE.test(location) && !this.#modules) throw missing('the config is a module', 'modules');
    if (modules && !this.#modules) throw missing('the run has modules of its own', 'modules');
    for (const name of env)
      if (!this.#env.has(name)) throw missing(`the config reads the variable ${name}`, `env=${name}`);
    for (const { path } of present) this.#checkFile(path, 'reads');
  }

  /**
   * Refuses a config before a part of it is made. Relative paths begin at the working directory of the process.
   *
   * @param folder The folder of the run.
   * @throws ElpisError `ELPIS_MESH` with the missing permission.
   */
  checkConfig(config: Config, folder: string): void {
    const { references } = config.document;
    const read = [...(references.used?.files ?? [])].map((path) => ({ path, access: 'read' as const }));
    for (const { path, access } of [...config.files, ...read])
      if (isOutside(resolve(path), folder)) this.#checkFile(resolve(path), `${access}s`);
    if (this.#targets.length === 0) return;
    for (const { id, gun } of config.pools) {
      const target = gun.traits.connections?.target;
      if (target === undefined)
        throw missing(
          `the target of the gun ${gun.name} of pool "${id}" is not known`,
          undefined,
          'start the worker without --allow target',
        );
      const { host, port } = target;
      const forms = [host, `${host}:${port}`];
      if (!forms.some((form) => this.#targets.includes(form)))
        throw missing(`pool "${id}" shoots at ${host}:${port}`, `target=${host}:${port}`);
    }
  }

  /** True when a config may not load modules here. */
  get noModules(): boolean {
    return !this.#modules;
  }

  #checkFile(path: string, verb: string): void {
    if (this.#folders.every((folder) => isOutside(path, folder)))
      throw missing(`the config ${verb} ${path}, outside of its folder`, 'files=FOLDER');
  }
}

function unknownForm(text: string): ElpisError {
  return new ElpisError('ELPIS_USAGE', `--allow: expected ${ALLOW_FORMS}, got ${JSON.stringify(text)}`);
}

function missing(what: string, permission: string | undefined, hint?: string): ElpisError {
  return new ElpisError('ELPIS_MESH', `${what}, which this worker does not allow`, {
    hint: hint ?? `start the worker with --allow ${permission}`,
  });
}
