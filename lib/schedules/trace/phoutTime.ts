const START = /^(\d+(?:\.\d+)?)\t/;

/** The start of a shot in a line of phout, in epoch microseconds: the first column, in seconds. Undefined when there is none. */
export function phoutTime(line: string): number | undefined {
  const found = START.exec(line);
  return found === null ? undefined : Math.round(Number(found[1]) * 1e6);
}
