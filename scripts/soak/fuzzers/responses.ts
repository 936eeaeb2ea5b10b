import fc from 'fast-check';

/** A valid response, as a shape and as bytes. */
export interface ValidResponse {
  readonly status: number;
  readonly framing: 'sized' | 'chunked' | 'close';
  readonly bytes: Buffer;
  /** Length of the body. */
  readonly body: number;
}

const token = fc
  .stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,12}$/)
  .filter((name) => !/^(content-length|transfer-enc.*|connection)$/i.test(name));
const value = fc.stringMatching(/^[ -9;-~]{0,30}$/);

const shapes = fc.record({
  status: fc.integer({ min: 200, max: 599 }).filter((status) => status !== 204 && status !== 304),
  headers: fc.array(fc.tuple(token, value, fc.boolean()), { maxLength: 6 }),
  chunks: fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { maxLength: 5 }),
  framing: fc.constantFrom('sized' as const, 'chunked' as const, 'close' as const),
  interim: fc.boolean(),
  eol: fc.constantFrom('\r\n', '\n'),
});
type Shape = typeof shapes extends fc.Arbitrary<infer T> ? T : never;

function render({ headers, chunks, framing, interim, status, eol: end }: Shape): Buffer {
  const size = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  const lines = headers.map(([name, text, fold]) => `${name}: ${text}${fold ? `${end}\t folded` : ''}${end}`);
  if (framing === 'sized') lines.push(`Content-Length: ${size}${end}`);
  if (framing === 'chunked') lines.unshift(`Transfer-Encoding: chunked${end}`);
  const early = interim ? `HTTP/1.1 102 Wait${end}A: b${end}${end}` : '';
  const head = Buffer.from(`${early}HTTP/1.1 ${status} Why${end}${lines.join('')}${end}`);
  if (framing !== 'chunked') return Buffer.concat([head, ...chunks]);
  const framed = chunks.flatMap((chunk) => [
    Buffer.from(`${chunk.length.toString(16)};x=y${end}`),
    chunk,
    Buffer.from(end),
  ]);
  return Buffer.concat([head, ...framed, Buffer.from(`0${end}T: u${end}${end}`)]);
}

/** Any valid HTTP/1.1 response: headers folded or not, each kind of framing, both kinds of line ends, interim responses. */
export const validResponses: fc.Arbitrary<ValidResponse> = shapes.map((shape) => ({
  status: shape.status,
  framing: shape.framing,
  bytes: render(shape),
  body: shape.chunks.reduce((sum, chunk) => sum + chunk.length, 0),
}));

/** Valid responses with some bytes changed, and bytes of any kind. */
export const anyBytes: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  fc.tuple(validResponses, fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { maxLength: 6 })).map(([{ bytes }, edits]) => {
    const copy = Buffer.from(bytes);
    for (const [at, byte] of edits) copy[at % copy.length] = byte;
    return copy;
  }),
);

/** Where bytes are cut. */
export const anyCuts = fc.array(fc.nat(2000), { maxLength: 12 });

/** The pieces of bytes that are cut at some places. */
export function cut(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const at = [0, ...cuts.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return at.slice(1).map((end, index) => bytes.subarray(at[index], end));
}
