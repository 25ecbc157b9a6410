import { beforeEach, describe, expect, it } from 'vitest';
import { fromHex } from './base/bytes.ts';
import { ManualClock, millis } from './base/clock.ts';
import { CodedError } from './base/errors.ts';
import { silentLogger } from './base/logger.ts';
import type { ChainReader } from './chain/reader.ts';
import { keccak256 } from './crypto/keccak.ts';
import { marketSender } from './keys-adapters.ts';
import type { MarketSender, StandingStep } from './market/ports.ts';
import { Outbox } from './wallet/outbox.ts';
import { OutboxStore } from './wallet/outbox-store.ts';
import { openWalletStore } from './wallet/store.ts';

const step: StandingStep = { id: 'close:1', kind: 'expire', account: fromHex('11'.repeat(20)), to: fromHex('22'.repeat(20)), payload: new Uint8Array(4), authority: { kind: 'mandate', id: 'buy:1' }, subject: { kind: 'order', id: '0x01' } };
const MINUTE = 60_000;
let refused: boolean;
let sent: number;
let clock: ManualClock;
let sender: MarketSender;

beforeEach(() => {
  refused = true;
  sent = 0;
  clock = new ManualClock(millis(0));
  const known: Partial<ChainReader> = {
    chainId: 4181n, head: () => null, nonceOf: () => Promise.resolve(0n), receipt: () => Promise.resolve(null), estimateGas: () => Promise.resolve(1n), gasPrice: () => Promise.resolve(1n), balanceOf: () => Promise.resolve(10n),
    send: (raw) => {
      sent += 1;
      return refused ? Promise.reject(new CodedError('TRANSACTION_REFUSED', 'No.', { meta: { reason: 'full' } })) : Promise.resolve(keccak256(raw));
    },
  };
  const reader = known as ChainReader;
  const signer = { signTransaction: () => Promise.resolve(new Uint8Array([1])) };
  sender = marketSender(new Outbox({ store: new OutboxStore(openWalletStore(':memory:')), reader, signer, clock, log: silentLogger, onChange: () => undefined }), reader, clock);
});

describe('a step without a sheet', () => {
  it('is taken again some time after it failed, and not twice when it is on its way', async () => {
    await sender.submit(step);
    await sender.submit(step);
    expect([sender.stateOf(step.id), sent]).toEqual(['failed', 1]);
    refused = false;
    clock.advance(millis(MINUTE));
    await sender.submit(step);
    await sender.submit(step);
    expect([sender.stateOf(step.id), sent]).toEqual(['under-way', 2]);
  });

  it('is not tried at every block, nor for ever', async () => {
    for (let minute = 0; minute < 24 * 60; minute++) {
      await sender.submit(step);
      clock.advance(millis(MINUTE));
    }
    expect(sent).toBe(8);
  });
});
