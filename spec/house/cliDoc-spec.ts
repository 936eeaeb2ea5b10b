import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import type { Command } from '../../lib/cli/command.js';
import { EXIT_CODE_TABLE } from '../../lib/cli/exitCodes.js';
import { allCommands, COMMANDS } from '../../lib/cli/main.js';
import { docOf, spellingOf } from '../../lib/cli/parser.js';

const PAGE = 'docs/CLI.md';

const cell = (text: string): string => text.replaceAll('|', '\\|');

/** The options of a command as a table of Markdown. */
function optionsTable({ options }: Command): string {
  const rows = Object.entries(options).map(([property, option]) => {
    const doc = option.required && option.use !== 'argument' ? `${docOf(option)}; required` : docOf(option);
    return `| \`${cell(spellingOf(property, option))}\` | ${cell(doc)} |`;
  });
  return ['| option | meaning |', '| --- | --- |', ...rows].join('\n');
}

/** The list of commands at the top of the page. */
function commandList(commands: readonly Command[]): string {
  const usages = commands.map(({ name, options, describe: line }) => {
    const words = Object.entries(options).filter(([, { use }]) => use === 'argument');
    const usage = [
      'elpis',
      name === 'run' ? '[run]' : name,
      ...words.map(([property, word]) => spellingOf(property, word)),
    ];
    return [usage.join(' '), line] as const;
  });
  const width = Math.max(...usages.map(([usage]) => usage.length));
  return ['```', ...usages.map(([usage, line]) => `${usage.padEnd(width)}  ${line}`), '```'].join('\n');
}

/** The exit codes as a table of Markdown. */
function exitCodesTable(): string {
  const rows = Object.values(EXIT_CODE_TABLE).map(([code, meaning]) => `| ${code} | ${cell(meaning)} |`);
  return ['| code | meaning |', '| --- | --- |', ...rows].join('\n');
}

/** The page with its generated parts made from the declarations of the commands. */
function generated(page: string, commands: readonly Command[]): string {
  const list = page.replace(
    /(<!-- commands -->\n)[\s\S]*?(<!-- \/commands -->)/,
    (_, before: string, after: string) => `${before}${commandList(commands)}\n${after}`,
  );
  const codes = list.replace(
    /(<!-- exit codes -->\n)[\s\S]*?(<!-- \/exit codes -->)/,
    (_, before: string, after: string) => `${before}${exitCodesTable()}\n${after}`,
  );
  return codes.replaceAll(
    /(<!-- options of (\w+) -->\n)[\s\S]*?(<!-- \/options -->)/g,
    (whole, before: string, name: string, after: string) => {
      const found = commands.find((command) => command.name === name);
      return found === undefined ? whole : `${before}${optionsTable(found)}\n${after}`;
    },
  );
}

describe(PAGE, () => {
  it('has the options of each command, as they are declared (UPDATE=1 writes them)', async () => {
    const page = readFileSync(PAGE, 'utf8');
    const wanted = generated(page, await allCommands());
    if (process.env.UPDATE === '1') writeFileSync(PAGE, wanted);
    else assert.equal(page, wanted);
  });

  it('has a section with a table for each command', async () => {
    const page = readFileSync(PAGE, 'utf8');
    for (const name of Object.keys(COMMANDS))
      assert.match(page, new RegExp(`^## ${name}\n[^#]*<!-- options of ${name} -->`, 'm'));
  });

  it('each command is listed as it is declared', async () => {
    const declared = (await allCommands()).map(({ name, describe: line, options }) => {
      const words = Object.entries(options).filter(([, { use }]) => use === 'argument');
      return [name, line, words.map(([property, word]) => spellingOf(property, word)).join(' ')];
    });
    const listed = Object.entries(COMMANDS).map(([name, { describe: line, words }]) => [name, line, words]);
    assert.deepEqual(listed, declared);
  });
});
