/** The story's own reading of the chain: JSON-RPC, not the program under test. */
import { StoryError } from './program.ts';

export async function rpc<T>(url: string, method: string, params: readonly unknown[]): Promise<T> {
  const response = await fetch(url, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }) });
  const { result, error } = (await response.json()) as { result?: T; error?: { message: string } };
  if (error !== undefined || result === undefined) throw new StoryError(`${method}: ${error?.message ?? 'no result'}`);
  return result;
}

export async function balance(url: string, address: string): Promise<bigint> {
  return BigInt(await rpc<string>(url, 'eth_getBalance', [address.toLowerCase(), 'latest']));
}

/** What an account paid for gas in these transactions. */
export async function feesOf(url: string, hashes: readonly string[], from: string): Promise<bigint> {
  let sum = 0n;
  for (const hash of hashes) {
    const [receipt, transaction] = await Promise.all([
      rpc<{ status: string; gasUsed: string; from: string }>(url, 'eth_getTransactionReceipt', [hash]),
      rpc<{ gasPrice: string }>(url, 'eth_getTransactionByHash', [hash]),
    ]);
    if (receipt.status !== '0x1') throw new StoryError(`Transaction ${hash} failed.`);
    if (receipt.from === from.toLowerCase()) sum += BigInt(receipt.gasUsed) * BigInt(transaction.gasPrice);
  }
  return sum;
}
