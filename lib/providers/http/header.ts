/** A header: its canonical name and its value. */
export type Header = readonly [name: string, value: string];
