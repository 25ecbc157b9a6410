import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readJsonBody } from './json-body.ts';

let server: Server;
let sent: number;
let isClosed: Promise<void>;

beforeEach(async () => {
  sent = 0;
  server = createServer((request, response) => {
    if (request.url === '/short') return void response.end('{"a": "\u00fc"}');
    if (request.url === '/nothing') return void response.end();
    isClosed = new Promise((resolve) => response.once('close', () => resolve()));
    const more = (): void => {
      while (!response.destroyed && response.write(Buffer.alloc(16 * 1024, 0x20))) sent += 16 * 1024;
    };
    response.on('drain', more);
    more();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});
const ask = (path: string): Promise<Response> => fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`);

it('gives what is within the bound', async () => {
  expect(await readJsonBody(await ask('/short'), 100)).toEqual({ a: '\u00fc' });
  expect(await readJsonBody(await ask('/short'), 5)).toBeUndefined();
  await expect(readJsonBody(await ask('/nothing'), 100)).rejects.toThrow(SyntaxError);
});

it('leaves an answer that has no end, and does not say how long it is', async () => {
  const response = await ask('/endless');
  expect(response.headers.get('content-length')).toBeNull();
  expect(await readJsonBody(response, 1024 * 1024)).toBeUndefined();
  await isClosed;
  expect(sent).toBeLessThan(64 * 1024 * 1024);
});
