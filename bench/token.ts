/** A token of the usual kind, as small as it can be: `transfer(address,uint256)` over a mapping in slot 0, with its event. */
import { concat, fromBigInt, fromHex, padLeft, type Bytes } from '../src-node/base/bytes.ts';

const TRANSFER = fromHex('0xa9059cbb');

/** Dispatch; balance of the caller, refused when it is too small; balance of the receiver; `Transfer`; true. */
const RUNTIME = [
  '60003560e01c63a9059cbb14601457', // selector
  '5b600080fd', // refuse
  '5b33600052604060002080546024358082106', // caller's slot, its balance, the amount
  '00f57809103909155', // enough; store the rest
  '600435600052604060002080548201905560005260043533', // receiver's slot and new balance; what the event tells
  '7fddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef60206000a3',
  '600160005260206000f3',
].join('');

/** Gives 2^255 to its creator, then returns the code behind it. */
export function tokenInitCode(): Bytes {
  const runtime = fromHex(RUNTIME);
  const length = runtime.length.toString(16).padStart(2, '0');
  return concat(fromHex(`336000526040600020600160ff1b905560${length}80601b6000396000f3`), runtime);
}

export function tokenTransfer(to: Bytes, amount: bigint): Bytes {
  return concat(TRANSFER, padLeft(to, 32), fromBigInt(amount, 32));
}
