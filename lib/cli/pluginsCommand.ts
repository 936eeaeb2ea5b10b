import { builtins } from '../builtins/builtins.js';
import { type ComponentDescription, describeComponents, type KeyDescription } from '../config/describeComponents.js';
import { EXIT_CODES } from './exitCodes.js';
import type { Io } from './io.js';
import { printError } from './printError.js';
import { showDefault } from './showDefault.js';

function keyLine(description: KeyDescription): string {
  const { key, type, required, doc } = description;
  const fallback = showDefault(description);
  const value = required ? 'required' : fallback === '' ? '' : `default ${fallback}`;
  return `    ${key.padEnd(28)} ${[type, value].filter((part) => part !== '').join('; ')}\n${' '.repeat(33)}${doc}\n`;
}

function describe({ kind, name, summary, keys }: ComponentDescription): string {
  return `${kind} ${name}\n  ${summary}\n${keys.map(keyLine).join('')}`;
}

/** `elpis plugins`: every component, or those of one kind, with their keys. */
export async function pluginsCommand(
  kind: string | undefined,
  { json = false }: { readonly json?: boolean },
  io: Io,
): Promise<number> {
  const all = describeComponents(builtins());
  const kinds = [...new Set(all.map((component) => component.kind))];
  const chosen = kind === undefined ? all : all.filter((component) => component.kind === kind);
  if (chosen.length === 0) {
    printError(new Error(`there is no kind ${kind}; there are ${kinds.join(', ')}`), io);
    return EXIT_CODES.badUsage;
  }
  io.stdout.write(json ? `${JSON.stringify(chosen, null, 2)}\n` : chosen.map(describe).join('\n'));
  return EXIT_CODES.ok;
}
