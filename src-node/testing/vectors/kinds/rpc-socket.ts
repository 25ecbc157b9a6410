/** An exchange over the socket of a recorded node: subscriptions, and what came of them while it took up blocks. */
import { deepStrictEqual } from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { RecordedNode } from '../recorded-node.ts';
import { same, type VectorCase } from '../vector-kind.ts';
import { IDENTIFIER, RANDOM_NAME } from './rpc-differences.ts';

const WAIT_MILLIS = 20_000;

/** One line each way. */
export interface Exchanged {
  readonly send?: { readonly id: number };
  readonly recv?: Received;
}

interface Received {
  readonly id?: number;
  readonly result?: string;
  readonly params?: { readonly subscription: string; readonly result: { readonly number?: string } };
}

export async function* socketCases(exchange: readonly Exchanged[], node: RecordedNode): AsyncGenerator<VectorCase> {
  const socket = connect(node.rpc.ipcPath ?? '');
  try {
    await once(socket, 'connect');
    const sent = exchange.flatMap(({ send }) => (send === undefined ? [] : [send]));
    const recorded = exchange.flatMap(({ recv }) => (recv === undefined ? [] : [recv]));
    for (const request of sent) socket.write(JSON.stringify(request));
    const answers = await lines(socket, sent.length);
    const last = recorded.flatMap(({ params }) => (params?.result.number === undefined ? [] : [Number(params.result.number)])).at(-1);
    await node.importUpTo(last ?? node.head);
    const heard = await lines(socket, recorded.length - sent.length);
    const answerOf = (id: number | undefined): Received | undefined => answers.find((one) => one.id === id);
    const names = new Map(recorded.filter(({ id }) => id !== undefined).map(({ id, result }) => [String(result), String(answerOf(id)?.result)]));

    for (const { id } of sent) yield same(`socket: request ${id}`, () => answers.filter((one) => one.id === id).length, 1);
    for (const one of recorded.filter(({ id }) => id !== undefined)) {
      yield {
        name: `socket: answer ${one.id ?? ''}`,
        check() {
          const ours = answerOf(one.id);
          deepStrictEqual(ours, { ...one, result: IDENTIFIER.exec(ours?.result ?? '')?.[0] });
          return { alike: RANDOM_NAME };
        },
      };
    }
    const notifications = recorded.filter(({ params }) => params !== undefined);
    for (const [i, one] of notifications.entries()) {
      const subscription = names.get(one.params?.subscription ?? '');
      yield same(`socket: notification ${i}`, () => JSON.stringify(heard[i]), JSON.stringify({ ...one, params: { ...one.params, subscription } }));
    }
  } finally {
    socket.destroy();
  }
}

/** The next lines that come in. Each is a whole JSON value. */
async function lines(socket: Socket, count: number): Promise<readonly Received[]> {
  let text = '';
  while (text.split('\n').length <= count) {
    const [data] = (await once(socket, 'data', { signal: AbortSignal.timeout(WAIT_MILLIS) })) as [Buffer];
    text += data.toString('utf8');
  }
  return text.trim().split('\n').map((line) => JSON.parse(line) as Received);
}
