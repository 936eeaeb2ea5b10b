import { BOUNDS_S, type Labels, type Metric, type TimeBuckets } from './runMetrics.js';

/** One value as Prometheus has it. */
export interface PromSample {
  readonly name: string;
  readonly labels: Labels;
  readonly value: number;
}

function bucketSamples(name: string, labels: Labels, { counts, sumS, count }: TimeBuckets): readonly PromSample[] {
  let below = 0;
  const buckets = counts.map((inBucket, i) => {
    below += inBucket;
    const bound = BOUNDS_S[i];
    return {
      name: `${name}_bucket`,
      labels: { ...labels, le: bound === undefined ? '+Inf' : String(bound) },
      value: below,
    };
  });
  return [...buckets, { name: `${name}_sum`, labels, value: sumS }, { name: `${name}_count`, labels, value: count }];
}

/** The values of a metric: sums end in `_total`, a distribution has cumulative buckets, a sum and a count. */
export function promSamples({ name, kind, points }: Metric): readonly PromSample[] {
  return points.flatMap(({ labels, value }) =>
    typeof value === 'number'
      ? [{ name: kind === 'sum' ? `${name}_total` : name, labels, value }]
      : bucketSamples(name, labels, value),
  );
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '"': '\\"', '\n': '\\n' };
const escaped = (text: string): string => text.replace(/[\\"\n]/g, (char) => ESCAPES[char] as string);

/** The format writes infinities in its own way. */
function figure(value: number): string {
  if (Number.isFinite(value) || Number.isNaN(value)) return String(value);
  return value > 0 ? '+Inf' : '-Inf';
}

function line({ name, labels, value }: PromSample): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`);
  return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${figure(value)}\n`;
}

const TYPES = { sum: 'counter', gauge: 'gauge', times: 'histogram' } as const;

/** Metrics in the text format of Prometheus, version 0.0.4 (https://prometheus.io/docs/instrumenting/exposition_formats/). */
export function promText(metrics: readonly Metric[]): string {
  return metrics
    .map((metric) => {
      const name = metric.kind === 'sum' ? `${metric.name}_total` : metric.name;
      const samples = promSamples(metric).map(line).join('');
      return `# HELP ${name} ${metric.help}\n# TYPE ${name} ${TYPES[metric.kind]}\n${samples}`;
    })
    .join('');
}
