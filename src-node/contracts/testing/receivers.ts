/** Code of contracts that are paid and do something else than to take it. */
import { fromHex, toHex, type Bytes, type Hex } from '../../base/bytes.ts';

/** Reverts. */
export const REFUSING = fromHex('60006000fd');

/** On receiving CPC: calls `target` with `data` (36 bytes; less is filled with zeros), and keeps 1 + success in slot 0. */
export function reentering(target: Hex, data: Bytes): Bytes {
  const words = toHex(data).slice(2).padEnd(128, '0');
  const remember = `7f${words.slice(0, 64)}6000527f${words.slice(64)}602052`;
  return fromHex(`${remember}6000600060246000600073${target.slice(2)}5af160010160005500`);
}
