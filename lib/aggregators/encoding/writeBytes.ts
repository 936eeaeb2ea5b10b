/** Copying byte by byte is faster than the call of `set` up to about this length. */
const SHORT = 48;

/** Copies `bytes` into `buffer` and answers the offset after them. There must be room. */
export function writeBytes(buffer: Uint8Array, offset: number, bytes: Uint8Array): number {
  const { length } = bytes;
  if (length > SHORT) buffer.set(bytes, offset);
  else for (let i = 0; i < length; i++) buffer[offset + i] = bytes[i] as number;
  return offset + length;
}
