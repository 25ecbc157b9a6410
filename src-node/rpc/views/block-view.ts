import { EMPTY_BYTES, toHex, type Bytes } from '../../base/bytes.ts';
import { encodeBlock, type Block } from '../../primitives/block.ts';
import { dporView } from './header-view.ts';
import { quantity } from './quantity.ts';

/** A block that nobody has sealed: what a seal decides is null (docs/protocol/05 §3.2). */
export function pendingBlockView(block: Block, views: readonly unknown[]): object {
  const entries = Object.entries({ ...blockView(block, EMPTY_BYTES, views), hash: null, miner: null, nonce: null });
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A block (docs/protocol/05 §3.2), keys sorted; `transactions` holds hashes or objects. `difficulty` is for readers that insist on one. */
export function blockView({ header, transactions }: Block, hash: Bytes, views: readonly unknown[]): object {
  return {
    difficulty: '0x0',
    dpor: dporView(header),
    extraData: toHex(header.extra),
    gasLimit: quantity(header.gasLimit),
    gasUsed: quantity(header.gasUsed),
    hash: toHex(hash),
    logsBloom: toHex(header.logsBloom),
    miner: toHex(header.coinbase),
    number: quantity(header.number),
    parentHash: toHex(header.parentHash),
    receiptsRoot: toHex(header.receiptsRoot),
    size: quantity(encodeBlock({ header, transactions }).length),
    stateRoot: toHex(header.stateRoot),
    timestamp: quantity(header.timeMillis),
    transactions: views,
    transactionsRoot: toHex(header.transactionsRoot),
  };
}
