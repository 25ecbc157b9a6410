/** An exchange over the socket of a recorded node, played over ours and over WebSocket: subscriptions, and what came of them while it took up blocks. */
import { deepStrictEqual } from 'node:assert/strict';
import { once, type EventEmitter } from 'node:events';
import { connect } from 'node:net';
import { WebSocket } from 'ws';
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

interface Carrier {
  readonly name: string;
  send(text: string): void;
  /** The next lines that come in; each is a whole JSON value. */
  lines(count: number): Promise<readonly Received[]>;
  close(): void;
}

export async function* socketCases(exchange: readonly Exchanged[], node: RecordedNode): AsyncGenerator<VectorCase> {
  const sent = exchange.flatMap(({ send }) => (send === undefined ? [] : [send]));
  const recorded = exchange.flatMap(({ recv }) => (recv === undefined ? [] : [recv]));
  const carriers = [await overSocket(node), await overWebSocket(node)];
  try {
    const played = await Promise.all(carriers.map(async (carrier) => {
      for (const request of sent) carrier.send(JSON.stringify(request));
      return { carrier, answers: await carrier.lines(sent.length) };
    }));
    const last = recorded.flatMap(({ params }) => (params?.result.number === undefined ? [] : [Number(params.result.number)])).at(-1);
    await node.importUpTo(last ?? node.head);
    for (const { carrier, answers } of played) yield* casesOf(carrier.name, recorded, [...answers, ...(await carrier.lines(recorded.length - sent.length))]);
  } finally {
    for (const carrier of carriers) carrier.close();
  }
}

function* casesOf(name: string, recorded: readonly Received[], ours: readonly Received[]): Generator<VectorCase> {
  const answerTo = (id: number | undefined): Received | undefined => ours.find((one) => one.id === id);
  const answers = recorded.filter(({ id }) => id !== undefined);
  for (const one of answers) {
    yield {
      name: `${name}: answer ${one.id ?? ''}`,
      check() {
        const answer = answerTo(one.id);
        deepStrictEqual(answer, { ...one, result: IDENTIFIER.exec(answer?.result ?? '')?.[0] });
        return { alike: RANDOM_NAME };
      },
    };
  }
  const names = new Map(answers.map(({ id, result }) => [result, answerTo(id)?.result]));
  const heard = ours.filter(({ params }) => params !== undefined);
  for (const [i, one] of recorded.filter(({ params }) => params !== undefined).entries()) {
    const subscription = names.get(one.params?.subscription);
    yield same(`${name}: notification ${i}`, () => JSON.stringify(heard[i]), JSON.stringify({ ...one, params: { ...one.params, subscription } }));
  }
}

async function overSocket(node: RecordedNode): Promise<Carrier> {
  const socket = connect(node.rpc.ipcPath ?? '');
  await once(socket, 'connect');
  return { name: 'socket', send: (text) => socket.write(text), lines: linesOf(socket, 'data'), close: () => socket.destroy() };
}

async function overWebSocket(node: RecordedNode): Promise<Carrier> {
  const socket = new WebSocket(node.rpc.url.replace('http:', 'ws:'));
  await once(socket, 'open');
  return { name: 'WebSocket', send: (text) => socket.send(text), lines: linesOf(socket, 'message'), close: () => socket.terminate() };
}

/** @param event that brings bytes */
function linesOf(socket: EventEmitter, event: string): Carrier['lines'] {
  let text = '';
  socket.on(event, (data: Buffer) => (text += data.toString('utf8')));
  return async (count) => {
    const signal = AbortSignal.timeout(WAIT_MILLIS);
    while (text.split('\n').length <= count) await once(socket, event, { signal });
    const lines = text.split('\n');
    text = lines.slice(count).join('\n');
    return lines.slice(0, count).map((line) => JSON.parse(line) as Received);
  };
}
