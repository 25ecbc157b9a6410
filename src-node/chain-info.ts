/** What the node page shows of the chain: from the own chain, or from another node's blocks. */
import { toHex } from './base/bytes.ts';
import { checksummed } from './api/address.ts';
import type { BlockView, NodeView } from './api/contract/node.ts';
import type { ChainServices } from './api/services.ts';
import type { ChainReader } from './chain/reader.ts';
import { termOf } from './dpor/terms.ts';
import type { NetworkConfig } from './networks/network-config.ts';
import { isImpeach } from './primitives/header.ts';
import { isZero } from './base/bytes.ts';
import type { PracticeChain } from './practice-chain.ts';
import type { RpcServer } from './rpc/rpc-server.ts';

type Fixed = Pick<NodeView, 'mode' | 'reason' | 'rpcUrl' | 'rpcTokenPath' | 'remoteUrl' | 'pendingTransactions' | 'proposers'>;

function nodeView(reader: ChainReader, network: NetworkConfig, fixed: Fixed): NodeView {
  const head = reader.head();
  const { dpor } = network;
  const number = head?.number ?? 0n;
  return {
    network: network.name,
    chainId: Number(network.chainId),
    genesisHash: toHex(reader.genesisHash),
    head: head === null ? null : { number: Number(head.number), hash: toHex(head.hash), at: head.timeMillis },
    periodMillis: dpor.periodMillis,
    termLen: dpor.termLen,
    viewLen: dpor.viewLen,
    blockOfTerm: number === 0n ? 0 : Number((number - 1n) % BigInt(dpor.termLen * dpor.viewLen)),
    term: Number(termOf(number, dpor)),
    validators: network.validators.map(checksummed),
    ...fixed,
  };
}

export function practiceInfo({ chain, pool, reader, faucetKey }: PracticeChain, rpc: Pick<RpcServer, 'url' | 'tokenPath'> | null): ChainServices {
  return {
    state: () =>
      nodeView(reader, chain.network, {
        ...(faucetKey === null ? { mode: 'stopped', reason: 'old-chain' } : { mode: 'sealing', reason: null }),
        rpcUrl: rpc?.url ?? null,
        rpcTokenPath: rpc?.tokenPath ?? null,
        remoteUrl: null,
        pendingTransactions: pool.pending().reduce((sum, list) => sum + list.length, 0),
        proposers: chain.network.proposers.map(checksummed),
      }),
    blocks: (limit) => {
      const { number } = chain.head.header;
      const blocks: BlockView[] = [];
      for (let n = number; n >= 0n && blocks.length < limit; n -= 1n) {
        const block = chain.blockByNumber(n);
        const hash = chain.hashAt(n);
        if (block === undefined || hash === undefined) break;
        const { header } = block;
        blocks.push({
          number: Number(n),
          hash: toHex(hash),
          at: Number(header.timeMillis),
          proposer: isZero(header.coinbase) ? null : checksummed(header.coinbase),
          transactions: block.transactions.length,
          gasUsed: Number(header.gasUsed),
          gasLimit: Number(header.gasLimit),
          impeach: n > 0n && isImpeach(header),
          signatures: header.dpor.sigs.filter((sig) => !isZero(sig)).length,
        });
      }
      return Promise.resolve(blocks);
    },
  };
}

export function remoteInfo(reader: ChainReader, network: NetworkConfig, remoteUrl: string): ChainServices {
  return {
    state: () => nodeView(reader, network, { mode: 'remote', reason: null, rpcUrl: null, rpcTokenPath: null, remoteUrl, pendingTransactions: 0, proposers: [] }),
    blocks: async (limit) => {
      const head = reader.head()?.number ?? 0n;
      const numbers = Array.from({ length: Math.min(limit, 10, Number(head) + 1) }, (_, i) => head - BigInt(i));
      const blocks = await Promise.all(numbers.map((number) => reader.block(number)));
      return blocks.flatMap((block) =>
        block === null ? [] : [{ number: Number(block.number), hash: toHex(block.hash), at: block.timeMillis, proposer: null, transactions: block.transactions.length, gasUsed: 0, gasLimit: 0, impeach: false, signatures: 0 }],
      );
    },
  };
}
