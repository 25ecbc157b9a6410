/** Gateways that end with their test, and what tests look for in answers. */
import { afterEach } from 'vitest';
import { toHex, utf8 } from '../../../base/bytes.ts';
import { decodeBatch } from '../../format/batch.ts';
import { batchesAnswerSchema, receiptSchema, voucherSchema, type SignedReceipt, type SignedVoucher } from '../wire.ts';
import { TestGateway, type TestGatewayOptions } from './test-gateway.ts';

type Answer = { readonly json: Record<string, unknown> };

const open: TestGateway[] = [];

export async function openGateway(options: TestGatewayOptions = {}): Promise<TestGateway> {
  const gateway = await TestGateway.open(options);
  open.push(gateway);
  return gateway;
}

afterEach(async () => {
  for (const { gateway } of open.splice(0)) await gateway.close();
});

export const codeOf = ({ status, json }: Answer & { readonly status: number }): string => (status === 200 ? 'ok' : String(json['code']));
export const receiptOf = ({ json }: Answer): SignedReceipt => receiptSchema.parse(json);

/** The items of an answer in short. */
export function seqsOf(json: Record<string, unknown>): readonly string[] {
  return batchesAnswerSchema.parse(json).items.map((item) => {
    if ('gap' in item) return `gap ${item.gap.from ?? '?'}-${item.gap.to} ${item.gap.reason}`;
    const { fields } = decodeBatch(item.batch);
    return `${fields.firstSeq}+${fields.count}`;
  });
}

export const sendVoucher = (gateway: TestGateway, ticket: string, signed: SignedVoucher): ReturnType<TestGateway['ask']> =>
  gateway.ask('POST', `/v1/channels/${toHex(signed.channelId)}/voucher`, { ticket, body: utf8(JSON.stringify(voucherSchema.encode(signed))) });
