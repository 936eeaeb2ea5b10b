import { readdirSync, readFileSync } from 'node:fs';
import ts from 'typescript';
import { sectionsOf } from '../../scripts/barrels.mjs';

const BARREL = 'lib/scenario/index.ts';

const HEAD = `# Scenarios, step by step

Everything that a scenario is written with, from the docstrings of \`elpis/scenario\`: the picture, the rules and an example of each. This page is written by \`npm run api\`.
[TESTING-A-SCENARIO.md](TESTING-A-SCENARIO.md) is the introduction, from the first scenario to its test and its run.

In the pictures a line is time: \`s\` is the session, \`-\` a moment, \`|\` the end of the flow, \`#\` a failure that ends the scenario. What a target sends is a failed
sample at most: see [Limits](#limits).
`;

const LIMITS = `## Limits

| what | limit | beyond it |
| --- | --- | --- |
| a body, received and decoded | \`max-body\` of the gun, 16 MiB | cut, \`response.truncated\`, counted as the metric \`bodies cut at max-body\` |
| one query of a response: \`regex\`, \`css\`, \`xpath\`, JSONPath, an expression in a check | 500 ms | a failed check or extraction, such as \`extract: token (took over 500 ms)\`; further queries of that response fail at once |
| nesting of JSON and of HTML | 512 levels | a failed check or extraction; \`response.json\` is \`undefined\` |
| attributes of one element | 1000 | a failed check or extraction |
| cookies of a virtual user | 4096 characters each, 50 of a domain, 200 in all | removed, expired ones first, then those set longest ago; counted as the metric \`cookies dropped\` |
| a request, a scenario | \`timeoutMs\`, \`scenario-timeout\` of the gun; none by default | the sample fails: \`timeout\`, \`timed out after 5000ms\` |
| turns of \`whileTrue\` | \`most\`, 1000 | the failed check \`check: at most 1000 turns\` |
| turns that need no time, one after another | 100,000 | the failed check \`check: 100000 turns without a wait\` |
| names of metrics and checks | 100 of a thread, 100 characters each | counted together |

Functions of your own in a step are not watched: one that does not return holds up its thread.
`;

const TITLES: readonly (readonly [section: string, title: string])[] = [
  ['scenarios', 'Scenarios'],
  ['steps', 'Steps'],
  ['checks', 'Checks'],
  ['extractors', 'Extractors'],
  ['feeders', 'Feeders'],
];

type Documented = ts.FunctionDeclaration | ts.VariableStatement;

/** The exported functions of lib/scenario, by name. */
function functionsByName(root: URL): ReadonlyMap<string, Documented> {
  const found = new Map<string, Documented>();
  const folder = new URL('lib/scenario/', root);
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts')) continue;
    const source = ts.createSourceFile(file, readFileSync(new URL(file, folder), 'utf8'), ts.ScriptTarget.Latest, true);
    for (const statement of source.statements) {
      const { modifiers } = statement as ts.Statement & { readonly modifiers?: ts.NodeArray<ts.ModifierLike> };
      if (modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) !== true) continue;
      const name = ts.isFunctionDeclaration(statement)
        ? statement.name?.text
        : ts.isVariableStatement(statement)
          ? statement.declarationList.declarations[0]?.name.getText()
          : undefined;
      // Of overloads, the first has the docstring.
      if (name !== undefined && !found.has(name)) found.set(name, statement as Documented);
    }
  }
  return found;
}

const plain = (text: string): string => text.replace(/\{@link (\w+)\}/g, '`$1`').trim();
const commentOf = (comment: ts.JSDoc['comment']): string => plain(ts.getTextOfJSDocComment(comment) ?? '');

/** The import of the functions that an example calls, since other entries have functions of the same name. */
function imports(code: string, exported: readonly string[]): string {
  const called = exported.filter((name) => new RegExp(`(?<![\\w.])${name}\\(`).test(code)).sort();
  return called.length === 0 ? '' : `import { ${called.join(', ')} } from 'elpis/scenario';\n\n`;
}

/** A tag such as `@see gauge, rate` or `@see mixAmmo, for a mix` as a sentence. */
function seeAlso(tag: ts.JSDocTag): string {
  const text = tag
    .getText()
    .replace(/^@see\s+/, '')
    .replace(/\s*\n\s*\*\s*/g, ' ')
    .replace(/[\s*]+$/, '')
    .trim();
  const [names = '', ...why] = text.split(', for ');
  const linked = names.split(', ').map((name) => `\`${name.replace(/\.$/, '')}\``);
  return `See also ${[linked.join(', '), ...why.map((each) => each.replace(/\.$/, ''))].join(', for ')}.`;
}

/** One function as a section: its docstring as Markdown. */
function sectionOf(name: string, declaration: Documented, exported: readonly string[]): string {
  const [doc] = ts.getJSDocCommentsAndTags(declaration).filter(ts.isJSDoc);
  if (doc === undefined) throw new Error(`${name} has no docstring`);
  const params: string[] = [];
  const lines: string[] = [];
  const examples: string[] = [];
  for (const tag of doc.tags ?? []) {
    const text = commentOf(tag.comment);
    if (ts.isJSDocParameterTag(tag)) params.push(`- \`${tag.name.getText()}\`: ${text}`);
    else if (tag.tagName.text === 'throws') lines.push(`Throws ${text}`);
    else if (tag.tagName.text === 'see') lines.push(seeAlso(tag));
    else if (tag.tagName.text === 'example') examples.push(`\`\`\`ts\n${imports(text, exported)}${text}\n\`\`\``);
  }
  if (examples.length === 0) throw new Error(`${name} has no example`);
  return [`### ${name}`, commentOf(doc.comment), params.join('\n'), ...lines, ...examples]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** The functions that `elpis/scenario` exports, by section of its barrel. */
export function scenarioFunctions(root: URL): ReadonlyMap<string, readonly string[]> {
  const known = functionsByName(root);
  return new Map([...sectionsOf(BARREL)].map(([section, names]) => [section, names.filter((name) => known.has(name))]));
}

/** docs/SCENARIO.md, made from the docstrings. */
export function scenarioPage(root: URL): string {
  const known = functionsByName(root);
  const functions = scenarioFunctions(root);
  const exported = [...functions.values()].flat();
  const parts = TITLES.flatMap(([section, title]) => [
    `## ${title}`,
    ...(functions.get(section) ?? []).map((name) => sectionOf(name, known.get(name) as Documented, exported)),
  ]);
  return `${[HEAD.trimEnd(), ...parts, LIMITS.trimEnd()].join('\n\n')}\n`;
}
