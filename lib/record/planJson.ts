import type { Plan } from '../core/plan.js';
import type { Nanos, PerSecond } from '../core/units.js';
import { flag, type JsonCodec, list, real, shape, through } from './shape.js';

/** A moment of a plan: the operations before it, and the rate there. */
interface PlanPoint {
  readonly atNs: Nanos;
  readonly count: number;
  readonly rate: PerSecond;
}

/** A {@link Plan} as JSON: moments between which its rate is a straight line. */
interface PlanJson {
  readonly count: number;
  readonly durationNs: Nanos;
  readonly unlimited?: boolean;
  /** Of a plan in several stages, that of each stage; the points are then absent. */
  readonly stages?: readonly PlanJson[];
  readonly points?: readonly PlanPoint[];
}

/** The points of a stage before straight lines are found in them. */
const INTERVALS = 64;
/** A plan with more stages is one stage. */
const MAX_STAGES = 256;
/** The span of the points of an endless plan. */
const ENDLESS_NS: Nanos = 3600e9;

/** The last point at or before a moment, by its position. */
function intervalAt(points: readonly PlanPoint[], atNs: Nanos): number {
  const after = points.findIndex((point) => point.atNs > atNs);
  return Math.max(0, Math.min(points.length - 2, (after === -1 ? points.length : after) - 1));
}

/** The rate and the count at a moment between two points. */
function between(a: PlanPoint, b: PlanPoint, atNs: Nanos): PlanPoint {
  const part = (atNs - a.atNs) / (b.atNs - a.atNs);
  const rate = a.rate + (b.rate - a.rate) * part;
  const [area, whole] = [((a.rate + rate) / 2) * part, (a.rate + b.rate) / 2];
  return { atNs, rate, count: a.count + (b.count - a.count) * (whole === 0 ? part : area / whole) };
}

const near = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b));

/** The points without those on the straight line between their neighbours. */
function straightened(points: readonly PlanPoint[]): readonly PlanPoint[] {
  const kept: PlanPoint[] = [];
  for (const [index, point] of points.entries()) {
    const [before, next] = [kept.at(-1), points[index + 1]];
    if (before !== undefined && next !== undefined) {
      const line = between(before, next, point.atNs);
      // A count is a whole number, and may be the next one.
      if (near(line.rate, point.rate) && Math.abs(line.count - point.count) <= 1) continue;
    }
    kept.push(point);
  }
  return kept;
}

function leafToJson(plan: Plan): PlanJson {
  const { count, durationNs, unlimited } = plan;
  if (unlimited === true) return { count, durationNs, unlimited };
  const span = Math.min(durationNs, ENDLESS_NS);
  if (span <= 0) return { count, durationNs };
  const points = Array.from({ length: INTERVALS + 1 }, (_, i): PlanPoint => {
    const atNs = Math.round((span * i) / INTERVALS);
    // At its end the rate of a plan is 0.
    return { atNs, count: plan.countAt(atNs), rate: plan.rateAt(i === INTERVALS ? atNs - 1 : atNs) };
  });
  return { count, durationNs, points: straightened(points) };
}

/** A plan that was read from its JSON. Between its points it is exact for a straight line, and near for other curves. */
class RecordedPlan implements Plan {
  readonly count: number;
  readonly durationNs: Nanos;
  declare readonly unlimited?: boolean;
  declare readonly parts?: readonly Plan[];
  declare readonly stages?: readonly Plan[];

  constructor(readonly json: PlanJson) {
    this.count = json.count;
    this.durationNs = json.durationNs;
    if (json.unlimited !== undefined) this.unlimited = json.unlimited;
    if (json.stages === undefined) return;
    this.stages = json.stages.map((stage) => new RecordedPlan(stage));
    // Stages without a known count are played one after another.
    if (!Number.isFinite(json.count)) this.parts = this.stages;
  }

  atNs(index: number): Nanos {
    let [low, high] = [0, Math.min(this.durationNs, Number.MAX_SAFE_INTEGER)];
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (this.#exactCountAt(middle) <= index) low = middle;
      else high = middle;
    }
    return low;
  }

  countAt(offsetNs: Nanos): number {
    return Math.ceil(this.#exactCountAt(offsetNs) - 1e-6);
  }

  #exactCountAt(offsetNs: Nanos): number {
    if (offsetNs <= 0) return 0;
    if (this.unlimited === true) return Number.POSITIVE_INFINITY;
    if (offsetNs >= this.durationNs) return this.count;
    if (this.stages !== undefined) {
      let [from, count] = [0, 0];
      for (const part of this.stages) {
        if (offsetNs < from + part.durationNs) return count + part.countAt(offsetNs - from);
        from += part.durationNs;
        count += part.count;
      }
      return count;
    }
    return this.#at(offsetNs)?.count ?? this.count;
  }

  rateAt(offsetNs: Nanos): PerSecond {
    if (offsetNs < 0 || offsetNs >= this.durationNs) return 0;
    if (this.unlimited === true) return Number.POSITIVE_INFINITY;
    let from = 0;
    for (const part of this.stages ?? []) {
      if (offsetNs < from + part.durationNs) return part.rateAt(offsetNs - from);
      from += part.durationNs;
    }
    return this.#at(offsetNs)?.rate ?? 0;
  }

  #at(offsetNs: Nanos): PlanPoint | undefined {
    const { points = [] } = this.json;
    const index = intervalAt(points, offsetNs);
    const [a, b] = [points[index], points[index + 1]];
    return a === undefined || b === undefined ? a : between(a, b, offsetNs);
  }
}

/** The stages of a plan, composites taken apart. */
const stagesOf = (plan: Plan): readonly Plan[] => (plan.stages ?? plan.parts)?.flatMap(stagesOf) ?? [plan];

function planToJson(plan: Plan): PlanJson {
  if (plan instanceof RecordedPlan) return plan.json;
  const stages = stagesOf(plan);
  if (stages.length < 2 || stages.length > MAX_STAGES) return leafToJson(plan);
  return { count: plan.count, durationNs: plan.durationNs, stages: stages.map(leafToJson) };
}

const point: JsonCodec<PlanPoint> = shape('a point of a plan', { atNs: real, count: real, rate: real });
const stage: JsonCodec<PlanJson> = shape(
  'a stage of a plan',
  { count: real, durationNs: real },
  { unlimited: flag, points: list(point) },
);
const whole: JsonCodec<PlanJson> = shape(
  'a plan',
  { count: real, durationNs: real },
  { unlimited: flag, stages: list(stage), points: list(point) },
);

/**
 * A plan. The plan that is read has the counts, the durations and the rates of the one that was written: exactly for constant
 * rates and straight lines, otherwise at 65 points of each stage.
 */
export const planCodec: JsonCodec<Plan> = through<Plan, PlanJson>(whole, (json) => new RecordedPlan(json), planToJson);
