/** What code changes or reads in the state by itself: storage, logs, its own end. */
import { fromBigInt } from '../../base/bytes.ts';
import { claimMemory, halt, peek, pop, rangeEnd, replace, spend, toOffset, type Frame } from '../frame.ts';
import { GAS } from '../gas.ts';
import { addressOfWord } from '../word.ts';

export function sload(frame: Frame): void {
  replace(frame, frame.environment.state.storageAt(frame.self.bytes, peek(frame)));
}

/** Priced by the value that is overwritten, as before EIP-1283 (docs/protocol/03 §6.1). */
export function sstore(frame: Frame): void {
  if (frame.request.isStatic) return halt(frame, 'WRITE_PROTECTION');
  const { state } = frame.environment;
  const slot = pop(frame);
  const value = pop(frame);
  const current = state.storageAt(frame.self.bytes, slot);
  if (!spend(frame, current === 0n && value !== 0n ? GAS.sstoreSet : GAS.sstoreReset)) return;
  if (current !== 0n && value === 0n) state.addRefund(GAS.sstoreClearRefund);
  state.setStorage(frame.self.bytes, slot, value);
}

export function log(frame: Frame, opcode: number): void {
  if (frame.request.isStatic) return halt(frame, 'WRITE_PROTECTION');
  const offset = toOffset(pop(frame));
  const length = toOffset(pop(frame));
  if (!claimMemory(frame, rangeEnd(offset, length), GAS.logByte * length)) return;
  const topics = Array.from({ length: opcode - 0xa0 }, () => fromBigInt(pop(frame), 32));
  frame.environment.state.addLog({ address: frame.self.bytes, topics, data: frame.memory.window(offset, length).slice() });
}

/** Moves the whole balance; to itself it is lost. */
export function selfdestruct(frame: Frame): void {
  if (frame.request.isStatic) return halt(frame, 'WRITE_PROTECTION');
  const { state } = frame.environment;
  const own = frame.self.bytes;
  const beneficiary = addressOfWord(pop(frame));
  const balance = state.balanceOf(own);
  if (balance !== 0n && state.isEmpty(beneficiary) && !spend(frame, GAS.selfDestructNewAccount)) return;
  if (!state.hasSelfDestructed(own)) state.addRefund(GAS.selfDestructRefund);
  state.addBalance(beneficiary, balance);
  state.selfDestruct(own);
  frame.running = false;
}
