const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec';
const TIME = /\[(\d\d)\/([A-Z][a-z][a-z])\/(\d{4}):(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))? ([+-])(\d\d)(\d\d)\]/;

/**
 * The time of a line of an access log, in epoch microseconds: `%t` of Apache's and `[$time_local]` of nginx' common and combined
 * formats, `[10/Oct/2000:13:55:36 -0700]`, with a fraction if there is one. Undefined when the line has none.
 */
export function accessTime(line: string): number | undefined {
  const found = TIME.exec(line);
  if (found === null) return undefined;
  const [, day, month, year, hour, minute, second, fraction, sign, zoneHours, zoneMinutes] = found;
  const monthIndex = MONTHS.indexOf(month as string) / 3;
  const dayMs = Date.UTC(Number(year), monthIndex, Number(day));
  const exists = new Date(dayMs).getUTCDate() === Number(day) && Number(hour) < 24 && Number(minute) < 60;
  if (monthIndex < 0 || !Number.isInteger(monthIndex) || !exists) return undefined;
  const utcMs = dayMs + ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1000;
  const zoneMs = (sign === '-' ? -1 : 1) * (Number(zoneHours) * 60 + Number(zoneMinutes)) * 60_000;
  return (utcMs - zoneMs) * 1000 + Math.round(Number(`0.${fraction || 0}`) * 1e6);
}
