const [WIDTH, HEIGHT] = [96, 24];

/** A small line without axes. Values that are `null` are left out. */
export function Sparkline({ values, label }: { readonly values: readonly (number | null)[]; readonly label?: string }) {
  const known = values.flatMap((value, i) => (value === null || !Number.isFinite(value) ? [] : [[i, value] as const]));
  const peak = Math.max(...known.map(([, value]) => value), 1e-9);
  const x = (i: number): number => (values.length < 2 ? 0 : (i / (values.length - 1)) * WIDTH);
  const y = (value: number): number => HEIGHT - 1 - (value / peak) * (HEIGHT - 3);
  const path = known.map(([i, value], n) => `${n === 0 ? 'M' : 'L'}${x(i).toFixed(1)} ${y(value).toFixed(1)}`).join('');
  const first = known[0];
  const area =
    first === undefined
      ? ''
      : `${path}L${x(known.at(-1)?.[0] ?? 0).toFixed(1)} ${HEIGHT}L${x(first[0]).toFixed(1)} ${HEIGHT}Z`;
  return (
    <svg
      class="spark"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role={label === undefined ? 'presentation' : 'img'}
      aria-label={label}
      aria-hidden={label === undefined}
    >
      <path class="spark-area" d={area} />
      <path class="spark-line" d={path} />
    </svg>
  );
}
