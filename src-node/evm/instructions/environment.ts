/** What code may ask about accounts, the transaction and the block (docs/protocol/03 §6.4). */
import { peek, push, replace, type Frame } from '../frame.ts';
import { addressOfWord } from '../word.ts';

export function address(frame: Frame): void {
  push(frame, frame.self.word);
}

export function balance(frame: Frame): void {
  replace(frame, frame.environment.state.balanceOf(addressOfWord(peek(frame))));
}

export function origin(frame: Frame): void {
  push(frame, frame.environment.origin);
}

export function caller(frame: Frame): void {
  push(frame, frame.request.caller.word);
}

export function callvalue(frame: Frame): void {
  push(frame, frame.request.value);
}

export function gasprice(frame: Frame): void {
  push(frame, frame.environment.gasPrice);
}

export function blockhash(frame: Frame): void {
  replace(frame, frame.environment.blockHash(peek(frame)));
}

export function coinbase(frame: Frame): void {
  push(frame, frame.environment.coinbase);
}

export function timestamp(frame: Frame): void {
  push(frame, frame.environment.block.timeSeconds);
}

export function number(frame: Frame): void {
  push(frame, frame.environment.block.number);
}

/** Always 0: blocks of this chain have no difficulty. */
export function difficulty(frame: Frame): void {
  push(frame, 0n);
}

export function gaslimit(frame: Frame): void {
  push(frame, frame.environment.block.gasLimit);
}
