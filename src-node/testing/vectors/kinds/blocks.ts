/** Decoded blocks of a chain from its first one on: each is imported, and everything about it read back. */
import { fromHex, toHex, type Bytes } from '../../../base/bytes.ts';
import type { Chain } from '../../../chain/chain.ts';
import { authorOf } from '../../../chain/execution/author.ts';
import { recoverAddress } from '../../../crypto/secp256k1.ts';
import { proposerIndexOf, termOf } from '../../../dpor/terms.ts';
import { encodeBlock } from '../../../primitives/block.ts';
import { isImpeach, type Header } from '../../../primitives/header.ts';
import { encodeReceipt } from '../../../primitives/receipt.ts';
import { encodeStoredReceipt } from '../../../primitives/stored-receipt.ts';
import { senderOf } from '../../../primitives/transaction.ts';
import { testChain } from '../../chains.ts';
import { networkOf } from '../network-of.ts';
import { transactionView } from '../transaction-view.ts';
import { hasFields, same, type VectorKind } from '../vector-kind.ts';

interface Recorded {
  readonly number: number;
  readonly hash: string;
  readonly rlp: string;
  readonly header: Readonly<Record<string, unknown>>;
  readonly impeachment: boolean;
  readonly term?: number;
  readonly impeachedProposer?: string;
  readonly sealSigner: string;
  readonly sigSigners: readonly string[];
  readonly txs: readonly { readonly hash: string; readonly rlp: string; readonly from: string; readonly sigHash: string }[];
  readonly receipts: readonly { readonly rlp: string; readonly storageRlp: string }[];
}

export const blocks: VectorKind = {
  name: 'blocks',
  recognises: ({ records }) => hasFields(records[0], ['number', 'hash', 'rlp', 'sealSigner', 'txs', 'receipts']),
  async *cases({ records }) {
    const [first, ...others] = records as readonly Recorded[];
    const chain = await testChain(await networkOf(fromHex(first?.hash ?? '')));
    yield same('block 0', () => toHex(encodeBlock({ header: chain.head.header, transactions: [] })), first?.rlp);
    for (const recorded of others) {
      yield same(`block ${recorded.number}`, async () => {
        await chain.importBlocks([fromHex(recorded.rlp)]);
        return found(chain, recorded);
      }, recorded);
    }
  },
};

/** As recorded, with everything that can be read from the chain in place of what was recorded. */
function found(chain: Chain, recorded: Recorded): unknown {
  const { header, hash } = chain.head;
  const { dpor, chainId } = chain.network;
  const block = chain.blockByNumber(header.number) ?? { header, transactions: [] };
  const receipts = chain.receiptsOf(hash) ?? [];
  return {
    ...recorded,
    number: Number(header.number),
    hash: toHex(hash),
    rlp: toHex(encodeBlock(block)),
    header: headerView(header),
    impeachment: isImpeach(header),
    sealSigner: toHex(authorOf(header)),
    sigSigners: header.dpor.sigs.map((signature) => addressOrNone(recoverAddress(hash, signature))),
    txs: block.transactions.map((tx, i) => ({ ...recorded.txs[i], ...transactionView(tx, chainId), from: toHex(senderOf(tx, chainId)) })),
    receipts: receipts.map((receipt, i) => ({ ...recorded.receipts[i], rlp: toHex(encodeReceipt(receipt)), storageRlp: toHex(encodeStoredReceipt(receipt)) })),
    ...(recorded.term === undefined ? {} : { term: Number(termOf(header.number, dpor)) }),
    ...(isImpeach(header) ? { impeachedProposer: toHex(header.dpor.proposers[proposerIndexOf(header.number, dpor)] ?? hash) } : {}),
  };
}

function headerView(header: Header): object {
  const { dpor } = header;
  return {
    coinbase: toHex(header.coinbase),
    dpor: { proposers: dpor.proposers.map(toHex), seal: toHex(dpor.seal), sigs: dpor.sigs.map(toHex), validators: dpor.validators.map(toHex) },
    extra: toHex(header.extra),
    gasLimit: Number(header.gasLimit),
    gasUsed: Number(header.gasUsed),
    logsBloom: toHex(header.logsBloom),
    number: String(header.number),
    parentHash: toHex(header.parentHash),
    receiptsRoot: toHex(header.receiptsRoot),
    stateRoot: toHex(header.stateRoot),
    timeMs: String(header.timeMillis),
    txsRoot: toHex(header.transactionsRoot),
  };
}

function addressOrNone(address: Bytes | null): string {
  return address === null ? '' : toHex(address);
}
