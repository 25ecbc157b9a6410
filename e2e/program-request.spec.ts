import { connect } from 'node:net';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { toHex, utf8 } from '../src-node/base/bytes.ts';
import { balance, rpc } from '../scripts/demo/json-rpc.ts';
import { freePort } from './support/free-port.ts';
import { accountOf, go, openWallet, practiceMoney } from './support/person.ts';
import { removeProfile, startProgram, type Program } from './support/program.ts';

const SHOP = '0x00000000000000000000000000000000000c0ffe';
const CPC = 10n ** 18n;
const HALF = CPC / 2n;
const TEXT = 'Log in to data.example as 0xc0ffe';
const from = accountOf(0);
let program: Program;
let url: string;

test.beforeAll(async () => {
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  program = await startProgram(undefined, ['--rpc-port', String(port)]);
});
test.afterAll(async () => {
  await program.stop();
  removeProfile(program.dataDir);
});

interface Answer {
  readonly result?: string;
  readonly error?: { readonly code: number; readonly message: string };
}

interface Script {
  /** The answer, which comes when the person has given one. */
  readonly answer: Promise<Answer>;
  hangUp(): void;
}

/** A program of this user that asks one thing over the socket in the data folder. */
function script(method: string, params: readonly unknown[]): Script {
  const socket = connect(join(program.dataDir, 'cpchain.ipc'));
  const answer = new Promise<Answer>((resolve, reject) => {
    let text = '';
    socket.on('data', (data) => {
      text += data.toString('utf8');
      if (!text.endsWith('\n')) return;
      resolve(JSON.parse(text) as Answer);
      socket.end();
    });
    socket.once('error', reject);
    socket.write(JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }));
  });
  return { answer, hangUp: () => socket.destroy() };
}

const pay = (value: bigint): Script => script('eth_sendTransaction', [{ from, to: SHOP, value: `0x${value.toString(16)}` }]);

async function look(page: Page): Promise<ReturnType<Page['getByRole']>> {
  await page.getByRole('region', { name: 'A program asks' }).getByRole('button', { name: 'Look at it' }).click();
  const sheet = page.getByRole('dialog');
  await expect(sheet.getByText('It was not begun in this window.')).toBeVisible();
  return sheet;
}

test('a script asks for payments and a text: what is signed comes to pass to the base unit, what is declined does not', async ({ page }) => {
  await openWallet(page, program.url);
  await go(page, 'Wallet');
  await practiceMoney(page);
  await expect(page.getByText(/1,000/).first()).toBeVisible();
  expect((await script('eth_accounts', []).answer).result).toEqual([from]);
  const strip = page.getByRole('region', { name: 'A program asks' });

  // A payment, signed.
  const payment = pay(12n * CPC + HALF);
  let sheet = await look(page);
  for (const fact of ['0x0000 0000 0000 0000 0000 0000 0000 0000 000c 0ffe', '12.5', 'local socket', 'Which program asks is not known.']) await expect(sheet.getByText(fact).first()).toBeVisible();
  expect(await balance(url, SHOP)).toBe(0n);
  await sheet.getByRole('button', { name: 'Sign and send' }).click();
  const { result: hash = '' } = await payment.answer;
  await expect(sheet.getByText('Final. It cannot be called back.')).toBeVisible();
  await sheet.getByRole('button', { name: 'Close' }).last().click();
  const [receipt, sent] = await Promise.all([rpc<{ gasUsed: string; status: string }>(url, 'eth_getTransactionReceipt', [hash]), rpc<{ gasPrice: string; from: string }>(url, 'eth_getTransactionByHash', [hash])]);
  expect([receipt.status, sent.from]).toEqual(['0x1', from]);
  const left = 1000n * CPC - 12n * CPC - HALF - BigInt(receipt.gasUsed) * BigInt(sent.gasPrice);
  expect([await balance(url, SHOP), await balance(url, from)]).toEqual([12n * CPC + HALF, left]);
  await expect(strip).toHaveCount(0);

  // Another one, declined; a third one whose script goes away is withdrawn.
  const declined = pay(7n * CPC);
  sheet = await look(page);
  await sheet.getByRole('button', { name: 'Decline' }).click();
  expect((await declined.answer).error).toEqual({ code: -32000, message: 'request declined in the wallet' });
  await expect(strip).toHaveCount(0);
  const goneAway = pay(3n * CPC);
  sheet = await look(page);
  goneAway.hangUp();
  await expect(sheet.getByText('The program does not wait for this any more; nothing was signed.')).toBeVisible();
  await sheet.getByRole('button', { name: 'Close' }).last().click();

  // A text, from a wallet that is locked meanwhile.
  expect((await script('personal_lockAccount', [from]).answer).result).toBe(true);
  const text = script('personal_sign', [toHex(utf8(TEXT)), from, 'a password that is not looked at']);
  sheet = await look(page);
  await expect(sheet.getByText(TEXT)).toBeVisible();
  await sheet.getByLabel('Password').fill('correct horse battery');
  await sheet.getByRole('button', { name: 'Sign the text' }).click();
  const { result: signature = '' } = await text.answer;
  expect((await script('personal_ecRecover', [toHex(utf8(TEXT)), signature]).answer).result).toBe(from);
  await expect(page.getByRole('dialog')).toHaveCount(0);
  expect([await balance(url, SHOP), await balance(url, from)]).toEqual([12n * CPC + HALF, left]);
});
