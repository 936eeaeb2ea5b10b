/** The colours of charts: the values of the stylesheet, for a canvas. */
export interface Palette {
  readonly text: string;
  readonly muted: string;
  readonly grid: string;
  readonly card: string;
  readonly blue: string;
  readonly teal: string;
  readonly green: string;
  readonly amber: string;
  readonly orange: string;
  readonly red: string;
  readonly violet: string;
  readonly grey: string;
  /** From few to many, as numbers of red, green and blue. */
  readonly heat: readonly (readonly [number, number, number])[];
}

const LIGHT_HEAT = ['eaf1fb', 'b9d3f6', '7fb0ec', '3f82d6', '1f5aa8', '123465'];
const DARK_HEAT = ['1b2536', '24466f', '2f6fae', '4f9fd8', '8fd0ee', 'e9fbff'];

const rgb = (hex: string): readonly [number, number, number] => [
  Number.parseInt(hex.slice(0, 2), 16),
  Number.parseInt(hex.slice(2, 4), 16),
  Number.parseInt(hex.slice(4, 6), 16),
];

/** Reads the colours of the shown theme. */
export function paletteOf(dark: boolean): Palette {
  const style = getComputedStyle(document.documentElement);
  const of = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    ...{ text: of('text'), muted: of('muted'), grid: of('grid'), card: of('card') },
    ...{ blue: of('blue'), teal: of('teal'), green: of('green'), amber: of('amber') },
    ...{ orange: of('orange'), red: of('red'), violet: of('violet'), grey: of('grey') },
    heat: (dark ? DARK_HEAT : LIGHT_HEAT).map(rgb),
  };
}

/** A colour of `#rrggbb` with another opacity. */
export function faded(hex: string, opacity: number): string {
  const [r, g, b] = rgb(hex.replace('#', ''));
  return `rgba(${r}, ${g}, ${b}, ${opacity})`;
}

/** A colour of the heat map for a part from 0 to 1. */
export function heatColour({ heat }: Palette, part: number): string {
  const at = Math.min(1, Math.max(0, part)) * (heat.length - 1);
  const [low, high] = [heat[Math.floor(at)], heat[Math.ceil(at)]];
  if (low === undefined || high === undefined) return 'transparent';
  const mixed = low.map((value, i) => Math.round(value + ((high[i] as number) - value) * (at % 1)));
  return `rgb(${mixed.join(', ')})`;
}

/** The colour of a change from -1 to 1: blue for less, orange for more; undefined when it is too small to see. */
export function changeColour({ blue, orange }: Palette, change: number): string | undefined {
  const size = Math.min(1, Math.abs(change) * 6);
  return size < 0.05 ? undefined : faded(change > 0 ? orange : blue, 0.95 * size ** 0.8);
}
