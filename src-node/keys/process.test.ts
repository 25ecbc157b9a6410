import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'keys-process-'));
let child: ChildProcess;
let nextId = 1;

beforeAll(async () => {
  child = fork(fileURLToPath(new URL('./process.ts', import.meta.url)), [folder, 'light'], { serialization: 'advanced', execArgv: ['--disable-warning=ExperimentalWarning'], env: {} });
  await once(child, 'message');
});
afterAll(async () => {
  const ended = once(child, 'exit');
  child.disconnect();
  await ended;
  rmSync(folder, { recursive: true, force: true });
});

/** The answer to a message, whatever it is. */
function ask(message: Readonly<Record<string, unknown>>): Promise<unknown> {
  const id = nextId++;
  return new Promise((resolve) => {
    const listen = (reply: unknown): void => {
      if (typeof reply !== 'object' || reply === null || !('id' in reply) || reply.id !== id) return;
      child.off('message', listen);
      resolve(reply);
    };
    child.on('message', listen);
    child.send({ id, ...message });
  });
}

const account = new Uint8Array(20);
const request = { account, chainId: 4181n, nonce: 0n, gasPrice: 1n, gasLimit: 21_000n, to: account, value: 0n, payload: new Uint8Array(0) };
const authority = { kind: 'sheet', proposal: 'p' };

describe('a message to the keys process', () => {
  it.each<[what: string, message: Readonly<Record<string, unknown>>]>([
    ['an unknown call', { name: 'exportKeys', args: {} }], ['a property of every object', { name: 'constructor', args: {} }], ['no name', { args: {} }], ['a name that is none', { name: 7, args: {} }], ['no arguments', { name: 'status' }],
    ['arguments that are none', { name: 'unlock', args: 'password' }], ['a list as arguments', { name: 'unlock', args: ['password'] }], ['a password of two megabytes', { name: 'unlock', args: { password: 'x'.repeat(2_000_000) } }], ['a key file of two megabytes', { name: 'importKeystore', args: { json: 'x'.repeat(2_000_000), filePassword: '', password: '' } }],
    ['words without end', { name: 'importSeed', args: { words: 'abandon '.repeat(10_000), password: 'correct horse' } }], ['an address too short', { name: 'signTransaction', args: { request: { ...request, account: new Uint8Array(19) }, authority } }],
    ['a payload too long', { name: 'signTransaction', args: { request: { ...request, payload: new Uint8Array(40_000) }, authority } }], ['a number below zero', { name: 'signTransaction', args: { request: { ...request, value: -1n }, authority } }], ['a number beyond 256 bits', { name: 'signTransaction', args: { request: { ...request, value: 1n << 256n }, authority } }],
    ['no authority', { name: 'signTransaction', args: { request } }], ['an authority of its own making', { name: 'signTransaction', args: { request, authority: { kind: 'root', id: 'x' } } }],
  ])('with %s is refused by name, and the next is answered', async (_, message) => {
    expect(await ask(message)).toMatchObject({ error: { code: 'BAD_REQUEST', message: expect.any(String) as string } });
    expect(await ask({ name: 'status', args: {} })).toMatchObject({ result: { exists: false, unlocked: false } });
  });

  it('that is no message at all is passed over', async () => {
    for (const nothing of ['', 'unlock', 7, true, [], [1], {}, { id: '1' }, { id: null, name: 'status', args: {} }]) child.send(nothing);
    expect(await ask({ name: 'status', args: {} })).toMatchObject({ result: { exists: false } });
  });
});
