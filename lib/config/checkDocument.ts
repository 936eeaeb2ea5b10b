import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { Flaw } from '../codec/flaw.js';
import type { ElpisError } from '../core/errors.js';
import type { Registry } from '../plugin/registry.js';
import type { UsedModules } from '../plugin-config/usedModules.js';
import { decodeConfig } from './decodeConfig.js';
import type { LoadDeps, LoadedConfig } from './loadedConfig.js';
import { loadUsedModules } from './modules/loadUsedModules.js';
import { loadUserModules } from './modules/loadUserModules.js';
import { pluginsIn } from './modules/pluginsIn.js';
import { usedIn } from './modules/usedIn.js';
import type { ConfigDocument } from './read/configDocument.js';
import type { ReadConfig } from './read/readConfig.js';
import { ConfigError } from './report/configError.js';
import { drawProblems } from './report/drawProblems.js';
import { type Path, pathOf } from './report/pathOf.js';
import { pathText } from './report/pathText.js';
import { problemsOf } from './report/problemsOf.js';
import { type Substitution, substitute } from './substitute/substitute.js';

function check(
  document: ConfigDocument,
  substitution: Substitution,
  registry: Registry,
  used: UsedModules,
): Either<ConfigError, LoadedConfig> {
  const describePlace = (path: Path): string => {
    const place = document.place(path, 'value');
    return `${document.name}${place === undefined ? '' : `:${place.line}:${place.column}`}  ${pathText(path)}`;
  };
  const decoded = decodeConfig(substitution.value, registry, describePlace, used);
  // A reference without a value is told once, not again as a value of the wrong type.
  const unresolved = new Set(substitution.flaws.map(({ context }) => pathText(pathOf(context))));
  const further = isLeft(decoded) ? decoded.left.filter((flaw) => !unresolved.has(pathText(pathOf(flaw.context)))) : [];
  const flaws: readonly Flaw[] = [...substitution.flaws, ...further];
  if (flaws.length === 0 && !isLeft(decoded))
    return right({ config: decoded.right, registry, used, name: document.name });
  const problems = problemsOf(flaws, { ...document, substituted: substitution.resolved });
  return left(new ConfigError(drawProblems(problems, document), problems));
}

/** Replaces the references of a config that was read, loads the modules that it names, and checks it whole. */
export function checkDocument(
  { document, baseDir }: ReadConfig,
  deps: Pick<LoadDeps, 'registry' | 'env' | 'cwd'>,
): TE.TaskEither<ElpisError, LoadedConfig> {
  const cwd = resolve(deps.cwd ?? '.');
  const references = { env: deps.env, readFile: (path: string) => readFileSync(resolve(cwd, path), 'utf8') };
  const substitution = substitute(document.value, references);
  return pipe(
    loadUserModules(pluginsIn(substitution.value), deps.registry, baseDir),
    TE.bindTo('registry'),
    TE.bind('used', () => TE.fromTask(loadUsedModules(usedIn(substitution.value), baseDir))),
    TE.chainEitherK(
      ({ registry, used }): Either<ElpisError, LoadedConfig> => check(document, substitution, registry, used),
    ),
  );
}
