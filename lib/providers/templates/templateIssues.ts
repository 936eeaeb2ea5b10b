import type { IssueReason } from '../../codec/issue.js';
import type { Header } from '../../codec/net.js';
import { describeError } from '../../core/errorContext.js';
import type { Bytes } from '../../core/units.js';
import type { ConfiguredComponent } from '../../plugin/configured.js';
import { columnsOf, type DataFileConfig } from './dataFile.js';
import { type KnownData, parseExpression, parseTemplate, TEMPLATE_HINT } from './template.js';

/** The keys of a provider that configure templates, and those that may contain them. */
export interface TemplateConfig {
  readonly templates: boolean;
  readonly data: Readonly<Record<string, DataFileConfig>>;
  readonly uris: readonly string[];
  readonly headers: readonly Header[];
  readonly file: ConfiguredComponent<'source'> | undefined;
}

/** True when `{{...}}` of a provider are filled in. */
export function usesTemplates({ templates, data }: Pick<TemplateConfig, 'templates' | 'data'>): boolean {
  return templates || Object.keys(data).length > 0;
}

const NAME = /^[A-Za-z_][\w-]*$/;
const EXPECTED = 'templates that can be filled in';
/** How much of a file is checked. */
const START: Bytes = 64 * 1024;
/** The most issues of templates that are reported: thousands of lines may have the same. */
const MOST = 20;

function issue(at: IssueReason['at'], hint: string): IssueReason {
  return { code: 'bad-value', expected: EXPECTED, hint, at };
}

/** The columns of every data file, and what is wrong with them. */
function columns(data: TemplateConfig['data']): readonly [KnownData, readonly IssueReason[]] {
  const known = new Map<string, readonly string[] | undefined>();
  const issues: IssueReason[] = [];
  for (const [name, config] of Object.entries(data)) {
    if (!NAME.test(name)) issues.push(issue(['data', name], 'a name has letters, digits, _ and -'));
    try {
      known.set(name, columnsOf(config));
    } catch (error) {
      // Its columns are unknown, so none is missing.
      known.set(name, undefined);
      issues.push(issue(['data', name, 'csv'], describeError(error)));
    }
  }
  return [known, issues];
}

/** The first error in the whole lines at the start of a file, in any part of a request. */
function faultIn(text: string, known: KnownData): string | undefined {
  for (let open = text.indexOf('{{'), line = 1, at = 0; open >= 0; open = text.indexOf('{{', open + 2)) {
    const close = text.indexOf('}}', open);
    if (close < 0) return undefined;
    line += text.slice(at, open).split('\n').length - 1;
    at = open;
    const expression = parseExpression(text.slice(open + 2, close), known);
    if (typeof expression === 'string') return `line ${line}: ${expression}`;
  }
  return undefined;
}

/** The issue of the templates of a provider that can be found while the config is checked. */
export function templateIssues({ templates, data, uris, headers, file }: TemplateConfig): readonly IssueReason[] {
  if (!usesTemplates({ templates, data })) return [];
  const [known, issues] = columns(data);
  const texts = [
    ...uris.map((text, i) => [['uris', i], text] as const),
    ...headers.map(({ value }, i) => [['headers', i], value] as const),
  ];
  const wrong = texts.flatMap(([at, text]) => {
    const parsed = parseTemplate(text, known);
    return typeof parsed === 'string' ? [issue(at, `${parsed}; ${TEMPLATE_HINT}`)] : [];
  });
  const start = file?.traits.peek?.(START)?.bytes.toString() ?? '';
  const fault = faultIn(start, known);
  const inFile = fault === undefined ? [] : [issue(['file'], `${file?.describe()}, ${fault}; ${TEMPLATE_HINT}`)];
  return [...issues, ...wrong.slice(0, MOST), ...inFile];
}
