import type { Millis } from '../core/units.js';
import type { ThresholdState } from '../measure/runVerdict.js';
import { stateText } from '../measure/stateText.js';
import type { SummarySnapshot } from '../measure/summary.js';
import { verdictOf } from '../measure/verdict/verdictOf.js';
import { headline, type RunOutcome, reasonText, resultOf } from './outcomeText.js';

/** What JUnit XML shows of a run. */
export interface JunitRun extends RunOutcome {
  readonly summaries: readonly SummarySnapshot[];
  /** The error of the run, when it failed by something else than its thresholds and its verdict. */
  readonly failure?: { readonly code: string | undefined; readonly message: string };
  readonly durationMs: Millis;
}

/** All that XML 1.0 cannot hold, not even escaped: other control characters, half surrogate pairs, U+FFFE and U+FFFF. */
const FORBIDDEN = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
  '\r': '&#13;',
  '\t': '&#9;',
};

/** Any text as the text of XML: what XML cannot hold becomes U+FFFD. */
const escaped = (text: string): string =>
  text.replaceAll(FORBIDDEN, '\uFFFD').replaceAll(/[&<>"\n\r\t]/g, (character) => ENTITIES[character] as string);

/** A case and its result: no text for one that passed. */
interface Case {
  readonly name: string;
  readonly result: 'passed' | 'failure' | 'error' | 'skipped';
  readonly text: string;
}

function caseOf(state: ThresholdState): Case {
  const name = `${state.pool === undefined ? '' : `pool "${state.pool}": `}${state.condition}`;
  const result = ({ passed: 'passed', failed: 'failure', warning: 'passed', 'not judged': 'skipped' } as const)[
    resultOf(state)
  ];
  return { name, result, text: result === 'skipped' ? 'there was no value' : stateText(state) };
}

function caseXml(suite: string, { name, result, text }: Case): string {
  const head = `    <testcase classname="elpis.${suite}" name="${escaped(name)}"`;
  if (result === 'passed')
    return text === '' ? `${head}/>` : `${head}>\n      <system-out>${escaped(text)}</system-out>\n    </testcase>`;
  const inside = `<${result} message="${escaped(text)}"${result === 'skipped' ? '' : ` type="${suite}"`}/>`;
  return `${head}>\n      ${inside}\n    </testcase>`;
}

function suiteXml(name: string, cases: readonly Case[], seconds: string): string {
  const count = (result: Case['result']): number => cases.filter((each) => each.result === result).length;
  const counts = `tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}"`;
  return `  <testsuite name="${name}" ${counts} time="${seconds}">\n${cases.map((each) => caseXml(name, each)).join('\n')}\n  </testsuite>`;
}

/**
 * A run as JUnit XML: a case for the end of the run, one for its verdict, and one for each threshold. A verdict of INVALID is a
 * failure, and so is a violated threshold, unless it only warns. A threshold that could not be judged is skipped.
 *
 * @see docs/THRESHOLDS.md
 */
export function junitXml(run: JunitRun): string {
  const { summaries, failure, durationMs, thresholds = [], verdict = verdictOf(summaries), ending } = run;
  const seconds = (durationMs / 1000).toFixed(3);
  const judged = failure?.code === 'ELPIS_THRESHOLDS' || failure?.code === 'ELPIS_VERDICT';
  const failed = failure !== undefined && !judged;
  const end: Case = {
    name: 'the run ends without an error',
    result: failed ? 'error' : 'passed',
    text: failed ? failure.message : (ending?.text ?? ''),
  };
  const evidence: Case = {
    name: 'the run is evidence about its target',
    result: verdict.level === 'INVALID' ? 'failure' : 'passed',
    text: [headline(summaries, { verdict }), ...verdict.reasons.slice(1).map(reasonText)].join('\n'),
  };
  const suites = [
    ['run', [end, evidence]] as const,
    ...(thresholds.length === 0 ? [] : [['thresholds', thresholds.map(caseOf)] as const]),
  ];
  const all = suites.flatMap(([, cases]) => cases);
  const count = (result: Case['result']): number => all.filter((each) => each.result === result).length;
  const counts = `tests="${all.length}" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}"`;
  const body = suites.map(([name, cases]) => suiteXml(name, cases, seconds)).join('\n');
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="elpis" ${counts} time="${seconds}">\n${body}\n</testsuites>\n`;
}
