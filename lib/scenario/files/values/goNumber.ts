/** The digits of a number and the place of its decimal point: 0.d1d2d3... * 10^point. */
interface Decimal {
  readonly digits: string;
  readonly point: number;
}

function decimalOf(text: string): Decimal {
  const [mantissa = '', exponent = '0'] = text.split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  const all = whole + fraction;
  const leading = /^0*/.exec(all)?.[0].length ?? 0;
  const digits = all.slice(leading).replace(/0+$/, '');
  return digits === '' ? { digits: '', point: 0 } : { digits, point: whole.length - leading + Number(exponent) };
}

/** The fewest digits that read back as the same number. */
const shortest = (value: number): Decimal => decimalOf(value.toExponential());

const exponentText = (exponent: number): string =>
  `${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;

function exponentForm({ digits, point }: Decimal, precision: number): string {
  const padded = digits.padEnd(precision + 1, '0');
  const exponent = digits === '' ? 0 : point - 1;
  return `${padded[0] ?? '0'}${precision > 0 ? `.${padded.slice(1, precision + 1)}` : ''}e${exponentText(exponent)}`;
}

function plainForm({ digits, point }: Decimal, precision: number): string {
  const whole = point > 0 ? digits.slice(0, point).padEnd(point, '0') : '0';
  const fraction = (point >= 0 ? digits.slice(point) : '0'.repeat(-point) + digits).padEnd(precision, '0');
  return precision > 0 ? `${whole}.${fraction.slice(0, precision)}` : whole;
}

/** As many digits as Node gives; a double that is not whole needs more only below 10^-17. */
const MAX_DIGITS = 100;

/** Keeps so many digits, and rounds a half to the even digit, as Go does. */
function keepDigits({ digits, point }: Decimal, count: number): Decimal {
  if (count >= digits.length) return { digits, point };
  if (count < 0) return { digits: '', point: 0 };
  const rest = digits.slice(count);
  const kept = `0${digits.slice(0, count)}`;
  const half = rest.startsWith('5') && /^50*$/.test(rest);
  const up = half ? Number(kept.at(-1)) % 2 === 1 : rest >= '5';
  const rounded = (BigInt(kept) + (up ? 1n : 0n)).toString().padStart(kept.length, '0');
  const carried = rounded[0] !== '0';
  const text = (carried ? rounded : rounded.slice(1)).replace(/0+$/, '');
  return text === '' ? { digits: '', point: 0 } : { digits: text, point: carried ? point + 1 : point };
}

function rounded(value: number, format: 'e' | 'f' | 'g', precision: number): Decimal {
  const exact = value >= 2 ** 53 ? decimalOf(BigInt(value).toString()) : decimalOf(value.toExponential(MAX_DIGITS));
  if (format === 'f') return keepDigits(exact, exact.point + precision);
  return keepDigits(exact, format === 'e' ? precision + 1 : Math.max(1, precision));
}

/**
 * A number as Go's `strconv.FormatFloat` writes it.
 *
 * @param format `e`: exponent form, `f`: plain form, `g`: exponent form below 10^-4 and from the precision on.
 * @param precision Digits after the point for `e` and `f`, all digits for `g`; -1: the fewest that read back as the same number, and for
 *   `g` the exponent form from 10^6 on.
 */
export function formatFloat(value: number, format: 'e' | 'f' | 'g', precision = -1): string {
  if (Number.isNaN(value)) return 'NaN';
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  const size = Math.abs(value);
  if (size === Number.POSITIVE_INFINITY) return sign === '' ? '+Inf' : '-Inf';
  const short = precision < 0;
  const decimal = short ? shortest(size) : rounded(size, format, precision);
  const { digits, point } = decimal;
  if (format === 'e') return sign + exponentForm(decimal, short ? Math.max(0, digits.length - 1) : precision);
  if (format === 'f') return sign + plainForm(decimal, short ? Math.max(0, digits.length - point) : precision);
  let from = short ? 6 : Math.max(1, precision);
  if (!short && from > digits.length && digits.length >= point) from = digits.length;
  const exponent = digits === '' ? 0 : point - 1;
  if (exponent < -4 || exponent >= from) return sign + exponentForm(decimal, Math.max(0, digits.length - 1));
  return sign + plainForm(decimal, Math.max(0, digits.length - point));
}
