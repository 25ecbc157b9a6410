/** Questions to a recorded node of the dev chain and its answers, asked of our server over HTTP; and an exchange with it over its socket. */
import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { fromHex, type Bytes } from '../../../base/bytes.ts';
import { reasonDeclined } from '../../../rpc/methods/declined.ts';
import { blocksIn } from '../../chains.ts';
import { exactJson } from '../exact-json.ts';
import type { RecordedFile } from '../recorded-file.ts';
import { RecordedNode, transactionOf, type TransactionObject } from '../recorded-node.ts';
import { objectKind, same, type VectorCase } from '../vector-kind.ts';
import { DIFFERENCES, EXCEPTIONS, IDENTIFIER, RANDOM_NAME } from './rpc-differences.ts';
import { socketCases, type Exchanged } from './rpc-socket.ts';

interface Answer {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: { readonly code: number };
}

interface Request {
  readonly id: number;
  readonly method: string;
  readonly params: readonly unknown[];
}

interface Pair {
  readonly request?: Request;
  readonly response: Answer;
  /** In place of request and response: a text that is no proper request, and the whole text of its answer. */
  readonly requestRaw?: string;
  readonly responseRaw?: string;
}

interface Recorded {
  readonly pairs: readonly Pair[];
  readonly ipcSubscription: readonly Exchanged[];
}

/** Of the account that the recorded node held, among the keys beside. */
const KEY_FILE = 'files/dev-key21.json';
/** The request before which two blocks came, and what the pool took up between them. */
const FILTERS_ASKED = 279;
const HEADS_OF_FILTERS = [315, 316] as const;
const HEARD_LATE = ['0xe0a300661ce78b0b962aaa466941f476a59ec966a1e777fe073b64a1c90943a9', '0x2c1f718ab688776a4e10e2f23fbabbd8f20f2fe81bae70d5524a2fd7a0d110f8'];
/** Head when the node told of itself, and when somebody subscribed over its socket. */
const HEAD_OF_NODE_INFO = 319;
const HEAD_OF_SOCKET = 320;

export const rpcPairs = objectKind<Recorded>('JSON-RPC', ['pairs', 'ipcSubscription'], async function* ({ pairs, ipcSubscription }, list) {
  const exact = exactJson(list.bytes.toString('utf8')) as Recorded;
  const node = await RecordedNode.start(blocksIn(list.beside('../blocks/dev-chain.rlp').bytes), keyIn(list.beside('../keystore/keystore.json')));
  const names = new Map<string, string>();
  try {
    for (const tx of othersIn(pairs)) node.hear(tx);
    for (const [i, pair] of pairs.entries()) {
      await moment(node, pair);
      yield caseOf(pair, exact.pairs[i] ?? pair, i, { ask: (body) => node.ask(body), names });
      if (pair.request?.method === 'eth_sign') yield alsoAsPersonal(pair.request, pair.response, node);
      if (pair.request?.method === 'personal_newAccount') node.wallet.made(fromHex(String(pair.response.result)));
    }
    await node.importUpTo(HEAD_OF_SOCKET);
    yield* socketCases(ipcSubscription, node);
  } finally {
    await node.close();
  }
});

function keyIn({ json }: RecordedFile): Bytes {
  const found = (json as readonly { readonly file: string; readonly privateKey: string }[]).find(({ file }) => file === KEY_FILE);
  return fromHex(found?.privateKey ?? '');
}

/** What happened at the recorded node before it was asked this. */
async function moment(node: RecordedNode, { request }: Pair): Promise<void> {
  if (request?.method === 'admin_nodeInfo') await node.importUpTo(HEAD_OF_NODE_INFO);
  if (request?.id !== FILTERS_ASKED) return;
  const [first, second] = HEADS_OF_FILTERS;
  await node.importUpTo(first);
  for (const hash of HEARD_LATE) node.hear(node.transactionIn(second, hash));
  await node.importUpTo(second);
}

/** Of the pool as it was recorded, what other nodes had sent: it was there from the beginning, in the order that gives the recorded next block (at equal prices the order is of a heap's making). */
function othersIn(pairs: readonly Pair[]): ReturnType<typeof transactionOf>[] {
  const sent = new Set(pairs.filter(({ request }) => request?.method === 'eth_sendTransaction').map(({ response }) => response.result));
  const content = pairs.find(({ request }) => request?.method === 'txpool_content')?.response.result as { readonly pending: Readonly<Record<string, Readonly<Record<string, TransactionObject & { readonly hash: string }>>>> } | undefined;
  const [first, ...rest] = Object.values(content?.pending ?? {}).flatMap((byNonce) => Object.values(byNonce)).filter(({ hash }) => !sent.has(hash));
  return first === undefined ? [] : [first, ...rest.reverse()].map(transactionOf);
}

/** personal_sign was recorded with a key that nobody knows; of the same key both sign the same. */
function alsoAsPersonal({ id, params: [account, message] }: Request, { result }: Answer, node: RecordedNode): VectorCase {
  return same('personal_sign as eth_sign', async () => (JSON.parse(await node.ask(JSON.stringify({ id, method: 'personal_sign', params: [message, account, ''] }))) as Answer).result, result);
}

interface Asking {
  readonly ask: (body: string) => Promise<string>;
  /** Of filters, by the recorded ones. */
  readonly names: Map<string, string>;
}

/** @param exact the same pair with its numbers as they were written */
function caseOf(pair: Pair, exact: Pair, index: number, { ask, names }: Asking): VectorCase {
  const { request, requestRaw, responseRaw, response } = pair;
  if (request === undefined) return same(requestRaw ?? `pair ${index}`, () => ask(requestRaw ?? ''), responseRaw);
  return {
    name: `${request.method} (pair ${index})`,
    async check() {
      const text = await ask(withNames(JSON.stringify(exact.request), names));
      const answer = JSON.parse(text) as Answer;
      if (isSame(exactJson(text), exact.response)) return undefined;
      const declined = reasonDeclined(request.method);
      if (declined !== undefined && answer.error?.code === -32601) return { notCompared: `not offered: ${declined}` };
      const exception = EXCEPTIONS[request.method];
      if (exception !== undefined) return { notCompared: exception };
      const difference = DIFFERENCES.find((one) => one.is(request));
      const expected = difference === undefined ? exact.response : { ...exact.response, result: difference.expected(exact.response.result, (exactJson(text) as Answer).result) };
      deepStrictEqual(answer, difference === undefined ? response : (JSON.parse(JSON.stringify(expected)) as Answer)); // tells more than the next
      strictEqual(JSON.stringify(exactJson(text)), JSON.stringify(expected));
      if (difference?.alike === RANDOM_NAME) names.set(String(response.result), String(answer.result));
      return difference === undefined ? undefined : { alike: difference.alike };
    },
  };
}

/** The same keys in the same order, the same values, and all digits of numbers. */
function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function withNames(body: string, names: ReadonlyMap<string, string>): string {
  return body.replace(new RegExp(`"(${IDENTIFIER.source})"`, 'g'), (whole, name: string) => (names.has(name) ? `"${names.get(name) ?? ''}"` : whole));
}
