import type { Metric } from './bootstrap.js';
import type { Subject } from './comparedRun.js';
import type { Comparison, Difference } from './compareRuns.js';
import type { Failure } from './failIf.js';

/** Options of {@link compareText}. */
export interface CompareTextOptions {
  /** The names of both sides. */
  readonly before: string;
  readonly after: string;
  readonly failures: readonly Failure[];
  /** Remarks about the runs, such as that their configs differ. */
  readonly remarks: readonly string[];
}

const NAMES: Readonly<Record<Metric, string>> = {
  ...{ rate: 'rate', errors: 'share of errors', mean: 'mean response time' },
  ...{ p50: 'p50', p90: 'p90', p95: 'p95', p99: 'p99' },
};

const number = (value: number): string => {
  const size = Math.abs(value);
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2);
};

/** A number with its unit. */
export function valueText(metric: Metric, value: number): string {
  if (metric === 'rate') return `${number(value)}/s`;
  return metric === 'errors' ? `${number(value)} %` : `${number(value)} ms`;
}

const signed = (value: number): string => `${value < 0 ? '-' : '+'}${number(Math.abs(value))}`;

/** The change and its interval, such as `+12.0 % (+8.00 to +16.1)`. */
export function changeText({ metric, change, interval: [from, to] }: Difference): string {
  return `${signed(change)} ${metric === 'errors' ? 'points' : '%'} (${signed(from)} to ${signed(to)})`;
}

/** What a difference is about, such as `tag "login" in stage 2`. */
function subjectText({ pool, tag, stage }: Subject): string {
  const what = tag === undefined ? `pool "${pool}"` : `tag "${tag}" of pool "${pool}"`;
  return stage === undefined ? what : `${what} in stage ${stage}`;
}

/** A finding as a sentence. */
export function findingText(difference: Difference): string {
  const { subject, metric, before, after, verdict } = difference;
  const values = `${valueText(metric, after)} instead of ${valueText(metric, before)}`;
  const name = NAMES[metric];
  const amount = changeText(difference);
  return `The ${name} of ${subjectText(subject)} is ${verdict}: ${values}, ${amount}.`;
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

const MARKS = { same: '', lower: '**lower**', higher: '**higher**' } as const;

function tableOf(differences: readonly Difference[], { before, after }: CompareTextOptions): readonly string[] {
  const rows = differences.map((row) => {
    const { pool, stage, tag } = row.subject;
    const cells = [
      ...[pool, stage === undefined ? 'all' : String(stage), tag ?? '(all)', row.metric],
      ...[valueText(row.metric, row.before), valueText(row.metric, row.after), changeText(row), MARKS[row.verdict]],
    ];
    return `| ${cells.map(cell).join(' | ')} |`;
  });
  return [
    `| pool | stage | tag | number | ${cell(before)} | ${cell(after)} | change (95 % interval) | |`,
    '| --- | --- | --- | --- | ---: | ---: | ---: | --- |',
    ...rows,
  ];
}

/** A comparison in sentences. */
export interface ComparisonSentences {
  /** The conditions that have failed, with their findings. */
  readonly failed: readonly { readonly condition: string; readonly text: string }[];
  readonly findings: readonly string[];
  /** Instead of findings, when there are none. */
  readonly nothing: string | undefined;
  readonly remarks: readonly string[];
}

/** What a comparison has found, in sentences. */
export function sentencesOf(
  { differences, onlyBefore, onlyAfter }: Comparison,
  { failures, remarks, before, after }: CompareTextOptions,
): ComparisonSentences {
  const findings = differences.filter(({ verdict }) => verdict !== 'same').map(findingText);
  const alone = (subjects: readonly Subject[], side: string): readonly string[] =>
    subjects.filter(({ stage }) => stage === undefined).map((subject) => `Only ${side} has ${subjectText(subject)}.`);
  return {
    failed: failures.map(({ condition, difference }) => ({ condition: condition.text, text: findingText(difference) })),
    findings,
    nothing:
      findings.length > 0
        ? undefined
        : `No difference was found: none of ${differences.length} numbers differs by more than chance explains.`,
    remarks: [...remarks, ...alone(onlyBefore, before), ...alone(onlyAfter, after)],
  };
}

/** A comparison as Markdown: the failures, the findings as sentences, the remarks, and a table of all numbers. */
export function compareText(comparison: Comparison, options: CompareTextOptions): string {
  const { differences } = comparison;
  const { failed: violated, findings, nothing, remarks: told } = sentencesOf(comparison, options);
  const found = nothing === undefined ? findings.map((text) => `- ${text}`) : [nothing];
  const remarks = told.map((remark) => `- ${remark}`);
  const failed = violated.map(({ condition, text }) => `- FAILED \`${condition}\`: ${text}`);
  return [
    `# ${options.after} compared with ${options.before}`,
    '',
    ...(failed.length === 0 ? [] : [...failed, '']),
    ...found,
    '',
    ...(remarks.length === 0 ? [] : [...remarks, '']),
    ...(differences.length === 0 ? [] : [...tableOf(differences, options), '']),
  ].join('\n');
}
