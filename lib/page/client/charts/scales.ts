import type uPlot from 'uplot';

/** The form of a vertical scale. */
export interface Scale {
  readonly format: (value: number) => string;
  readonly logarithmic?: boolean;
  /** The smallest upper end, so that noise near 0 is not shown as large. */
  readonly atLeast?: number;
  /** Labels are whole numbers. */
  readonly whole?: boolean;
  /** Its ends, when they do not depend on the lines. */
  readonly ends?: readonly [low: number, high: number] | undefined;
}

/** What axes are made of. */
interface Axes {
  readonly palette: { readonly muted: string; readonly grid: string };
  readonly scale: Scale;
  readonly right?: Scale | undefined;
  readonly formatX: (value: number) => string;
  readonly increments?: readonly number[] | undefined;
}

const FONT = '11px system-ui, sans-serif';

/** Distances of whole numbers. */
export const WHOLE: number[] = Array.from({ length: 10 }, (_, power) =>
  [1, 2, 5].map((step) => step * 10 ** power),
).flat();

/** The axes of a chart: below, on the left, and on the right for a second scale. */
export function axesOf({ palette, scale, right, formatX, increments }: Axes): uPlot.Axis[] {
  const look = { stroke: palette.muted, font: FONT, grid: { stroke: palette.grid, width: 1 }, ticks: { show: false } };
  const values =
    (format: (value: number) => string): NonNullable<uPlot.Axis['values']> =>
    (_, splits) =>
      splits.map((value) => (value === null || value === undefined ? '' : format(value)));
  const y = (of: Scale): uPlot.Axis => ({
    ...{ ...look, size: 58, gap: 4, values: values(of.format), space: 26 },
    ...(of.whole ? { incrs: WHOLE } : {}),
  });
  return [
    {
      ...look,
      size: 28,
      gap: 7,
      values: values(formatX),
      space: 64,
      ...(increments === undefined ? {} : { incrs: [...increments] }),
    },
    { ...y(scale), scale: 'y' },
    ...(right === undefined ? [] : [{ ...y(right), scale: 'right', side: 1, grid: { show: false } }]),
  ];
}

/** A vertical scale: from 0, or logarithmic between round numbers. */
export function scaleOf({ logarithmic = false, atLeast = 0, ends }: Scale): uPlot.Scale {
  const [low, high] = ends ?? [];
  if (logarithmic) return { distr: 3, range: (_, min, max) => logRange(low ?? min, high ?? max) };
  return { range: (_, min, max) => [Math.min(0, min ?? 0), Math.max(atLeast, (max ?? 0) * 1.06) || 1] };
}

/** The largest number of 1, 2 and 5 times a power of ten that is not above a value. */
function stepBelow(value: number): number {
  const decade = 10 ** Math.floor(Math.log10(value) + 1e-9);
  const of = value / decade;
  return (of >= 5 - 1e-9 ? 5 : of >= 2 - 1e-9 ? 2 : 1) * decade;
}

/** Round numbers around the values. */
export function logRange(min: number | null, max: number | null): [number, number] {
  const low = stepBelow(Math.max(1e-3, min ?? 1));
  const high = Math.max(low * 2, max ?? 1);
  const below = stepBelow(high);
  return [low, below >= high * (1 - 1e-9) ? below : stepBelow(below * 2.5 + 1e-12)];
}
