/** A gateway as its events tell it. */
import type { Hex } from '../../base/bytes.ts';
import type { Millis } from '../../base/clock.ts';
import type { PDGatewayEvent } from '../../contracts/bindings/pd-gateway.gen.ts';
import type { GatewayRecord } from '../stream-chain.ts';
import type { Located } from './event-table.ts';

export interface GatewayEntry {
  readonly id: Hex;
  readonly owner: Hex;
  /** Address that signs receipts. */
  readonly signer: Hex;
  readonly endpoints: readonly string[];
  readonly status: GatewayRecord['status'];
  readonly bond: bigint;
  /** From which block on a leaving bond can be taken; 0 before. */
  readonly leavingBlock: number;
  readonly logId: bigint;
  /** It told two stories and lost its bond. */
  readonly slashed: boolean;
  readonly createdBlock: number;
  readonly createdAt: Millis;
}

export function foldGateway(gateway: GatewayEntry | null, { event, block, at }: Located<PDGatewayEvent>): GatewayEntry | null {
  if (event.name === 'GatewaySet') {
    const { gateway: id, owner, signer, bond, endpoints } = event;
    const before = gateway ?? { id, owner, status: 'bonded' as const, leavingBlock: 0, logId: 1n, slashed: false, createdBlock: block, createdAt: at };
    return { ...before, signer, bond, endpoints };
  }
  if (gateway === null) return null;
  switch (event.name) {
    case 'GatewayPaused':
      return { ...gateway, status: event.paused ? 'paused' : 'bonded' };
    case 'GatewayLeaving':
      return { ...gateway, status: 'leaving', leavingBlock: event.leavingAt };
    case 'GatewayLeft':
      return { ...gateway, status: 'left', bond: 0n };
    case 'LogRaised':
      return { ...gateway, logId: event.logId };
    case 'GatewaySlashed':
      return { ...gateway, status: 'left', bond: 0n, slashed: true };
    case 'BurnSwept':
    case 'Withdrawn':
      return gateway;
  }
}
