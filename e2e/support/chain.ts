/** The chain as any program on this computer reads it, by JSON-RPC. */
import { rpc } from '../../scripts/demo/json-rpc.ts';

interface RpcBlock {
  readonly transactions: readonly { readonly hash: string; readonly from: string }[];
}

/** Hashes of an account's transactions, oldest first. */
export async function transactionsOf(url: string, account: string): Promise<readonly string[]> {
  const head = Number(await rpc<string>(url, 'eth_blockNumber', []));
  const hashes: string[] = [];
  for (let number = 0; number <= head; number++) {
    const { transactions } = await rpc<RpcBlock>(url, 'eth_getBlockByNumber', [`0x${number.toString(16)}`, true]);
    hashes.push(...transactions.filter(({ from }) => from === account.toLowerCase()).map(({ hash }) => hash));
  }
  return hashes;
}

/** What a view of a contract answers, as hex. */
export function callContract(url: string, to: string, data: string): Promise<string> {
  return rpc<string>(url, 'eth_call', [{ to, data }, 'latest']);
}
