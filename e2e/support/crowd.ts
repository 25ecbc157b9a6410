/** Payers of high fees who fill every block of a practice chain to the last transfer, so that what offers less has to wait. */
import { EMPTY_BYTES, fromHex, toHex, type Bytes } from '../../src-node/base/bytes.ts';
import { addressOf, sign } from '../../src-node/crypto/secp256k1.ts';
import { PRACTICE_CHAIN_ID, practiceKeys } from '../../src-node/networks/practice.ts';
import { encodeTransaction, signTransaction, type UnsignedTransaction } from '../../src-node/primitives/transaction.ts';
import { balance, rpc } from '../../scripts/demo/json-rpc.ts';

const GIGA = 10n ** 9n;
/** Above the highest price that a node suggests, so that nobody meets it by chance. */
export const CROWD_GWEI = 600n;
const MONEY = 10_000n * 10n ** 18n;
/** A contract creation that fails at its first step and burns all its gas. */
const BURN = fromHex('0xfe');
const TRANSFER_GAS = 21_000n;
/** Requests that a node answers at once. */
const BATCH = 100;

interface Member {
  readonly key: Bytes;
  readonly gasLimit: bigint;
  readonly perBlock: number;
}

/** @param blocks how many blocks they fill; each of the sizes fills what the larger ones leave */
export async function fillBlocks(url: string, blocks: number): Promise<void> {
  const { faucet } = practiceKeys(PRACTICE_CHAIN_ID);
  const { gasLimit } = await rpc<{ gasLimit: string }>(url, 'eth_getBlockByNumber', ['latest', false]);
  const members: readonly Member[] = [
    { key: faucet, gasLimit: (BigInt(gasLimit) * 97n) / 100n, perBlock: 1 },
    { key: new Uint8Array(32).fill(0xc1), gasLimit: 500_000n, perBlock: 9 },
    { key: new Uint8Array(32).fill(0xc2), gasLimit: 60_000n, perBlock: 8 },
    { key: new Uint8Array(32).fill(0xc3), gasLimit: TRANSFER_GAS, perBlock: 2 },
  ];
  const nonce = BigInt(await rpc<string>(url, 'eth_getTransactionCount', [toHex(addressOf(faucet)), 'latest']));
  const others = members.slice(1).map(({ key }) => addressOf(key));
  await sendAll(url, others.map((to, index) => signed(faucet, { nonce: nonce + BigInt(index), gasPrice: CROWD_GWEI * GIGA, gasLimit: TRANSFER_GAS, to, value: MONEY, payload: EMPTY_BYTES })));
  for (const address of others) while ((await balance(url, toHex(address))) === 0n) await new Promise((resolve) => setTimeout(resolve, 100));
  // One size after the other: no block takes more of the small ones than the larger ones leave room for.
  for (const [rank, { key, gasLimit: gas, perBlock }] of members.entries()) {
    const first = rank === 0 ? nonce + BigInt(others.length) : 0n;
    const gasPrice = (CROWD_GWEI + BigInt(members.length - rank)) * GIGA;
    const what = gas === TRANSFER_GAS ? { to: addressOf(key), payload: EMPTY_BYTES } : { to: null, payload: BURN };
    await sendAll(url, Array.from({ length: perBlock * blocks }, (_, index) => signed(key, { nonce: first + BigInt(index), gasPrice, gasLimit: gas, value: 0n, ...what })));
  }
}

function signed(key: Bytes, sending: Omit<UnsignedTransaction, 'type'>): string {
  return toHex(encodeTransaction(signTransaction({ type: 0n, ...sending }, PRACTICE_CHAIN_ID, (digest) => sign(digest, key))));
}

async function sendAll(url: string, raws: readonly string[]): Promise<void> {
  for (let start = 0; start < raws.length; start += BATCH) {
    const body = raws.slice(start, start + BATCH).map((raw, id) => ({ jsonrpc: '2.0', id, method: 'eth_sendRawTransaction', params: [raw] }));
    const response = await fetch(url, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
    const refused = ((await response.json()) as { readonly error?: { readonly message: string } }[]).find(({ error }) => error !== undefined);
    if (refused !== undefined) throw new TypeError(`the crowd is refused: ${refused.error?.message ?? ''}`);
  }
}
