/**
 * Why a frame ended without success (docs/protocol/03 §6.2). Every code but REVERT consumes the whole gas of the frame;
 * DEPTH_LIMIT and INSUFFICIENT_BALANCE refuse a frame before it starts and give its gas back.
 *
 * - REVERT: the code asked for it (opcode 0xfd) and may return data
 * - OUT_OF_GAS: not enough gas for an instruction, for memory or for a precompiled contract
 * - STACK_UNDERFLOW, STACK_OVERFLOW: fewer words than the instruction takes, or more than 1024
 * - INVALID_OPCODE: a byte that is no instruction of this chain
 * - INVALID_JUMP: the target is not a JUMPDEST
 * - WRITE_PROTECTION: a change of state inside a static call
 * - RETURN_DATA_OUT_OF_BOUNDS: RETURNDATACOPY beyond the end of the buffer
 * - DEPTH_LIMIT: more than 1024 nested frames
 * - INSUFFICIENT_BALANCE: the caller does not own the value
 * - ADDRESS_COLLISION: the new contract's address has a nonce or code
 * - CODE_TOO_LARGE, CODE_STORE_OUT_OF_GAS: the new contract's code cannot be stored
 * - PRECOMPILE_FAILED: a precompiled contract refused its input
 */
export type EvmErrorCode =
  | 'REVERT'
  | 'OUT_OF_GAS'
  | 'STACK_UNDERFLOW'
  | 'STACK_OVERFLOW'
  | 'INVALID_OPCODE'
  | 'INVALID_JUMP'
  | 'WRITE_PROTECTION'
  | 'RETURN_DATA_OUT_OF_BOUNDS'
  | 'DEPTH_LIMIT'
  | 'INSUFFICIENT_BALANCE'
  | 'ADDRESS_COLLISION'
  | 'CODE_TOO_LARGE'
  | 'CODE_STORE_OUT_OF_GAS'
  | 'PRECOMPILE_FAILED';
