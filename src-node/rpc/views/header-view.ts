import { toHex, type Bytes, type Hex } from '../../base/bytes.ts';
import type { Header } from '../../primitives/header.ts';
import { quantity } from './quantity.ts';

export interface DporView {
  readonly seal: Hex;
  readonly sigs: readonly Hex[];
  readonly proposers: readonly Hex[];
  readonly validators: readonly Hex[];
}

export function dporView({ dpor }: Header): DporView {
  return { seal: toHex(dpor.seal), sigs: dpor.sigs.map(toHex), proposers: dpor.proposers.map(toHex), validators: dpor.validators.map(toHex) };
}

/** A header as `newHeads` sends it (docs/protocol/05 §4). */
export function headerView(header: Header, hash: Bytes): object {
  return {
    parentHash: toHex(header.parentHash),
    miner: toHex(header.coinbase),
    stateRoot: toHex(header.stateRoot),
    transactionsRoot: toHex(header.transactionsRoot),
    receiptsRoot: toHex(header.receiptsRoot),
    logsBloom: toHex(header.logsBloom),
    number: quantity(header.number),
    gasLimit: quantity(header.gasLimit),
    gasUsed: quantity(header.gasUsed),
    timestamp: quantity(header.timeMillis),
    extraData: toHex(header.extra),
    dpor: dporView(header),
    hash: toHex(hash),
  };
}
