/** Finds the block in which a contract was made: by halves where the node keeps old states, else by looking at both ends of the chain. */
import { toHex, type Bytes, type Hex } from '../base/bytes.ts';
import { isCoded } from '../base/errors.ts';
import type { ChainReader } from '../chain/reader.ts';
import { createAddress } from '../evm/create-address.ts';

/** Looked at from each end. */
export const SEARCHED_BLOCKS = 20_000n;

/** Null when it was not found, or was not made by a transaction of its own. */
export async function creationBlock(reader: ChainReader, contract: Bytes): Promise<bigint | null> {
  const head = reader.head()?.number ?? 0n;
  try {
    const block = await firstWithCode(reader, contract, head);
    return (await createsIn(reader, block, toHex(contract))) ? block : null;
  } catch (error) {
    if (!isCoded(error, 'STATE_UNKNOWN')) throw error;
    return searchEnds(reader, toHex(contract), head);
  }
}

/** Our contracts never lose their code again, so one block divides the chain. */
async function firstWithCode(reader: ChainReader, contract: Bytes, head: bigint): Promise<bigint> {
  let [without, has] = [-1n, head];
  while (has - without > 1n) {
    const middle = (without + has) / 2n;
    if ((await reader.codeOf(contract, middle)).length > 0) has = middle;
    else without = middle;
  }
  return has;
}

/** Well-known markets stand in the first blocks, others were made lately. */
async function searchEnds(reader: ChainReader, contract: Hex, head: bigint): Promise<bigint | null> {
  for (let offset = 0n; offset <= head && offset < SEARCHED_BLOCKS; offset += 1n) {
    for (const number of new Set([offset, head - offset])) if (await createsIn(reader, number, contract)) return number;
  }
  return null;
}

async function createsIn(reader: ChainReader, number: bigint, contract: Hex): Promise<boolean> {
  const block = await reader.block(number);
  return block?.transactions.some(({ from, to, nonce }) => to === null && toHex(createAddress(from, nonce)) === contract) ?? false;
}
