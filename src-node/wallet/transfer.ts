/** Sending CPC. */
import { CodedError } from '../base/errors.ts';
import type { Bytes } from '../base/bytes.ts';
import type { ChainReader } from '../chain/reader.ts';
import type { DraftProposal } from './proposals.ts';

export interface TransferRequest {
  readonly from: Bytes;
  readonly to: Bytes;
  /** Base units, or everything but the fee. */
  readonly amount: bigint | 'all';
}

/** @throws INSUFFICIENT_FUNDS when not even the fee is there */
export async function draftTransfer(request: TransferRequest, reader: ChainReader): Promise<DraftProposal> {
  const { from, to } = request;
  const data = new Uint8Array(0);
  const gasLimit = await reader.estimateGas({ from, to, data, value: request.amount === 'all' ? 0n : request.amount });
  const fee = gasLimit * (await reader.gasPrice());
  const value = request.amount === 'all' ? (await reader.balanceOf(from)) - fee : request.amount;
  if (value < 0n) throw new CodedError('INSUFFICIENT_FUNDS', 'The account does not hold enough for the fee.', { help: 'Bring CPC to this account first.', meta: { reason: 'fee', needed: fee.toString() } });
  return { kind: 'send', title: '', account: from, calls: [{ to, value, payload: data, gasLimit }], subject: null, permissions: [] };
}
