/** Header rules that need no signature (docs/protocol/03 §4, 06 §8.1). */
import { equal, isZero, type Bytes } from '../base/bytes.ts';
import { blockError } from '../chain/block-error.ts';
import { GAS_LIMIT_BOUNDS } from '../chain/build/gas-limit.ts';
import type { DporConfig } from '../networks/network-config.ts';
import { isImpeach, SIGNATURE_LENGTH, type Header } from '../primitives/header.ts';
import { EMPTY_TRIE_ROOT } from '../primitives/trie-root.ts';

/** @throws BAD_HEADER */
export function checkHeader(header: Header, parent: Header, config: DporConfig): void {
  const { gasLimit, gasUsed } = header;
  demand(header, gasLimit >= GAS_LIMIT_BOUNDS.min && gasLimit <= GAS_LIMIT_BOUNDS.max, 'has a gas limit out of range');
  demand(header, gasUsed <= gasLimit, 'used more gas than its limit');
  if (isImpeach(header)) checkImpeach(header, parent);
  else checkTime(header, parent, config);
}

/** What every honest header keeps to and the reference node does not look at. @throws BAD_HEADER */
export function checkShape(header: Header): void {
  demand(header, header.dpor.validators.length === 0, 'names validators, which only the first block does');
  if (isImpeach(header)) demand(header, isZero(header.dpor.seal), 'is an impeach block and has a seal');
}

/** In the first blocks of a chain times are free; an impeach block's always is. */
function checkTime(header: Header, parent: Header, config: DporConfig): void {
  if (header.number <= config.maxInitBlockNumber) return;
  const earliest = parent.timeMillis + BigInt(config.periodMillis);
  demand(header, header.timeMillis >= earliest, 'is too early after its parent');
  demand(header, header.timeMillis <= earliest + BigInt(config.impeachTimeoutMillis), 'is too late after its parent');
}

function checkImpeach(header: Header, parent: Header): void {
  demand(header, equal(header.stateRoot, parent.stateRoot), 'is an impeach block and changes the state');
  demand(header, equal(header.transactionsRoot, EMPTY_TRIE_ROOT), 'is an impeach block and holds transactions');
  demand(header, equal(header.receiptsRoot, EMPTY_TRIE_ROOT), 'is an impeach block and has receipts');
  demand(header, isZero(header.logsBloom), 'is an impeach block and has logs');
  demand(header, header.gasLimit === parent.gasLimit, 'is an impeach block and changes the gas limit');
  demand(header, header.gasUsed === 0n, 'is an impeach block and uses gas');
  demand(header, isZeros(header.extra, SIGNATURE_LENGTH), 'is an impeach block with other extra data than zeros');
}

function isZeros(bytes: Bytes, length: number): boolean {
  return bytes.length === length && isZero(bytes);
}

function demand(header: Header, holds: boolean, reason: string): void {
  if (!holds) throw blockError('BAD_HEADER', header.number, reason);
}
