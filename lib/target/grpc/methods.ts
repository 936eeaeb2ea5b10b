import type { ExactJsonMap } from '../../protocols/exactJson.js';

/** A request message as JSON, with its default values absent. */
export type Message = Readonly<Record<string, unknown>>;

/** What a method responds: messages, or a status with its text. */
export interface Answer {
  readonly messages?: readonly ExactJsonMap[];
  readonly status?: number;
  readonly text?: string;
  readonly delayMs?: number;
}

/** Responds to the messages of a call, when the last has come. */
type Whole = (requests: readonly Message[]) => Answer;
/** Responds to each message at once. */
type Each = (request: Message) => ExactJsonMap;

/** How a method responds. */
export type Method = { readonly whole: Whole } | { readonly each: Each };

const [INVALID, NOT_FOUND, UNAUTHENTICATED] = [3, 5, 16];
const [USERS, GOODS, MAX_BYTES, MAX_COUNT] = [10, 10, 2 ** 24, 100_000];

const text = (message: Message | undefined, name: string): string => String(message?.[name] ?? '');
const number = (message: Message | undefined, name: string): number => Number(message?.[name] ?? 0);
const unary = (respond: (request: Message) => Answer): Method => ({ whole: ([request = {}]) => respond(request) });
const ok = (message: ExactJsonMap): Answer => ({ messages: [message] });

/** The id in a login such as `7` or `user7`; undefined for another. */
function userOf(login: string): number | undefined {
  const id = Number(/(\d+)$/.exec(login)?.[1] ?? Number.NaN);
  return id >= 1 && id <= USERS ? id : undefined;
}

const tokenOf = (userId: number): string => `token-${userId}`;
const isKnown = (request: Message): boolean => text(request, 'token') === tokenOf(number(request, 'userId'));
const STRANGER: Answer = { status: UNAUTHENTICATED, text: 'the token is not that of the user' };

function trouble(request: Message): Answer {
  const { bytes, count, delayMs } = { bytes: 0, count: 1, delayMs: 0, ...request } as Record<string, number>;
  if ((bytes ?? 0) > MAX_BYTES || (count ?? 0) > MAX_COUNT) {
    return { status: INVALID, text: `bytes are up to ${MAX_BYTES}, count is up to ${MAX_COUNT}` };
  }
  const content = Buffer.alloc(bytes ?? 0, 'elpis').toString('base64');
  const messages = Array.from({ length: count ?? 0 }, (_, i) => ({
    number: i,
    text: text(request, 'message'),
    content,
  }));
  return { messages, status: number(request, 'status'), text: text(request, 'message'), delayMs: delayMs ?? 0 };
}

/**
 * The methods of the target, by their full names. The ten users have the logins `1` to `10`, or any text that ends so; each password is the
 * login.
 */
export const METHODS: ReadonlyMap<string, Method> = new Map([
  ['target.TargetService.Hello', unary((request) => ok({ hello: `Hello ${text(request, 'name')}!` }))],
  [
    'target.TargetService.Auth',
    unary((request) => {
      const login = text(request, 'login');
      const userId = userOf(login);
      if (userId === undefined || text(request, 'pass') !== login) {
        return { status: INVALID, text: 'there is no such login with this password' };
      }
      return ok({ userId, token: tokenOf(userId) });
    }),
  ],
  [
    'target.TargetService.List',
    unary((request) => {
      if (!isKnown(request)) return STRANGER;
      const first = number(request, 'userId') * 1000;
      return ok({ result: Array.from({ length: GOODS }, (_, i) => ({ itemId: first + i })) });
    }),
  ],
  [
    'target.TargetService.Order',
    unary((request) => {
      if (!isKnown(request)) return STRANGER;
      const itemId = number(request, 'itemId');
      if (Math.floor(itemId / 1000) !== number(request, 'userId'))
        return { status: NOT_FOUND, text: `no item ${itemId}` };
      return ok({ orderId: itemId + 12_345 });
    }),
  ],
  ['target.Troubles.Respond', unary((request) => ({ ...trouble({ ...request, count: 1 }) }))],
  ['target.Troubles.Count', unary(trouble)],
  [
    'target.Troubles.Sum',
    { whole: (requests) => ok({ number: requests.reduce((sum, request) => sum + number(request, 'number'), 0) }) },
  ],
  ['target.Troubles.Echo', { each: (request) => request as ExactJsonMap }],
  [
    'api.Adder.Add',
    unary((request) => ok({ result: BigInt(text(request, 'x') || 0) + BigInt(text(request, 'y') || 0) })),
  ],
  ['grpc.health.v1.Health.Check', unary(() => ok({ status: 'SERVING' }))],
]);
