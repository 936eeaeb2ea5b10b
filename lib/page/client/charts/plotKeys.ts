import type uPlot from 'uplot';

/** What keys change in a chart. */
interface Zoomed {
  readonly x: readonly number[];
  readonly whole?: readonly [number, number] | undefined;
  readonly range?: readonly [number, number] | undefined;
  readonly onZoom?: ((range: readonly [number, number] | undefined) => void) | undefined;
}

/** Moves the cursor, zooms in and out, and shows everything again. */
export function onPlotKey(event: KeyboardEvent, plot: uPlot | undefined, props: Zoomed): void {
  const { x, range, onZoom } = props;
  const all = props.whole ?? [x[0] ?? 0, x.at(-1) ?? 1];
  const [from, to] = range ?? all;
  const span = to - from;
  const steps: Readonly<Record<string, () => void>> = {
    ArrowLeft: () => moveCursor(plot, x, -1),
    ArrowRight: () => moveCursor(plot, x, 1),
    '+': () => onZoom?.([from + span / 4, to - span / 4]),
    '-': () =>
      onZoom?.(
        span >= (all[1] - all[0]) / 2
          ? undefined
          : [Math.max(all[0], from - span / 2), Math.min(all[1], to + span / 2)],
      ),
    Escape: () => onZoom?.(undefined),
  };
  const step = steps[event.key === '=' ? '+' : event.key];
  if (step === undefined) return;
  event.preventDefault();
  step();
}

/** The third parameter moves the cursors of the other charts, too; the types of uPlot lack it. */
interface PublishingPlot {
  setCursor(at: { readonly left: number; readonly top: number }, fire: boolean, publish: boolean): void;
}

function moveCursor(plot: uPlot | undefined, x: readonly number[], by: number): void {
  if (plot === undefined || x.length === 0) return;
  const at = Math.max(0, Math.min(x.length - 1, (plot.cursor.idx ?? (by > 0 ? -1 : x.length)) + by));
  const publishing: PublishingPlot = plot;
  publishing.setCursor({ left: plot.valToPos(x[at] as number, 'x'), top: plot.over.clientHeight / 2 }, true, true);
}
