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

function issue(hint: string): IssueReason {
  return { code: 'bad-value', expected: EXPECTED, hint };
}

/** The columns of every data file, or their issue. */
function columns(data: TemplateConfig['data']): KnownData | IssueReason {
  const known = new Map<string, readonly string[] | undefined>();
  for (const [name, config] of Object.entries(data)) {
    if (!NAME.test(name)) return issue(`data.${name}: a name has letters, digits, _ and -`);
    try {
      known.set(name, columnsOf(config));
    } catch (error) {
      return issue(`data.${name}: ${describeError(error)}`);
    }
  }
  return known;
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
export function templateIssue({ templates, data, uris, headers, file }: TemplateConfig): IssueReason | undefined {
  if (!usesTemplates({ templates, data })) return undefined;
  const known = columns(data);
  if ('code' in known) return known;
  const texts = [
    ...uris.map((text, i) => [`uris[${i}]`, text] as const),
    ...headers.map(({ name, value }) => [`header ${name}`, value] as const),
  ];
  for (const [place, text] of texts) {
    const parsed = parseTemplate(text, known);
    if (typeof parsed === 'string') return issue(`${place}: ${parsed}; ${TEMPLATE_HINT}`);
  }
  const start = file?.traits.peek?.(START)?.bytes.toString() ?? '';
  const fault = faultIn(start, known);
  return fault === undefined ? undefined : issue(`${file?.describe()}, ${fault}; ${TEMPLATE_HINT}`);
}
