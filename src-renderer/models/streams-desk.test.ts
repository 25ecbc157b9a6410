import { describe, expect, it } from 'vitest';
import { priceOfDay } from './streams.ts';
import { checkpointCostOfDay, draftFaults, NEW_DRAFT, newStreamOf, revocationSeconds, tagsOf, type StreamDraft } from './streams-draft.ts';
import { isEndpoint, parseBrokers } from './streams-gateway.ts';

const CPC = 10n ** 18n;
const whole: StreamDraft = { ...NEW_DRAFT, owner: '0x00', title: ' Road state ', columns: [{ name: 'time', type: 'time', unit: null }, { name: 'friction', type: 'number', unit: ' ' }], price: CPC / 1000n, gateways: ['0x01'] };

describe('a stream that is being described', () => {
  it('says what is missing in the order of the page, and nothing once all is there', () => {
    expect(draftFaults(NEW_DRAFT)).toEqual(['title', 'column-name', 'price', 'gateways', 'account']);
    expect(draftFaults({ ...whole, columns: [...whole.columns, { name: 'Time', type: 'text', unit: null }] })).toEqual(['column-twice']);
    expect(draftFaults({ ...whole, kind: 'period', price: 86_399n })).toEqual(['price']);
    expect(draftFaults(whole)).toEqual([]);
  });

  it('becomes what the node takes: trimmed, a second or a message as its unit, the window of its plan', () => {
    expect(newStreamOf(NEW_DRAFT)).toBeNull();
    expect(newStreamOf(whole)).toMatchObject({ title: 'Road state', plan: { kind: 'metered', unitPrice: CPC / 1000n, window: 50 }, epochSeconds: 600, peekDelaySeconds: 3600, columns: [{ name: 'time' }, { name: 'friction', unit: null }] });
    expect(newStreamOf({ ...whole, kind: 'period', price: 864n * CPC, ahead: 0, peekMinutes: null })).toMatchObject({ plan: { kind: 'period', unitPrice: CPC / 100n, window: 600 }, ahead: 0, peekDelaySeconds: null });
    expect(newStreamOf({ ...whole, kind: 'period', price: 864n * CPC })).toMatchObject({ plan: { window: 4200 } });
  });

  it('is written on the chain every day unless another choice is made, at the gas of each time', () => {
    expect(newStreamOf(whole)?.checkpoints).toBe('day');
    expect([newStreamOf({ ...whole, checkpoints: 'hour' })?.checkpoints, newStreamOf({ ...whole, checkpoints: 'never' })?.checkpoints]).toEqual(['hour', null]);
    expect([checkpointCostOfDay('hour', 7n), checkpointCostOfDay('day', 7n), checkpointCostOfDay('never', 7n)]).toEqual([168n, 7n, 0n]);
  });

  it('has twelve short words at most to be found by', () => {
    expect(tagsOf(' roads,weather， ,safety ')).toEqual(['roads', 'weather', 'safety']);
    expect(tagsOf(Array.from({ length: 20 }, (_, i) => `word ${i}`).join())).toHaveLength(12);
    expect(tagsOf('x'.repeat(60))).toEqual(['x'.repeat(40)]);
  });

  it('promises a revocation after the epochs whose keys are out', () => {
    expect(revocationSeconds(NEW_DRAFT)).toBe(4200);
    expect(revocationSeconds({ epochSeconds: 10, ahead: 0 })).toBe(10);
  });
});

describe('the price of a day', () => {
  it('is known by time, and by message where a rate is', () => {
    expect(priceOfDay({ kind: 'period', unitPrice: 2n }, null)).toBe(172_800n);
    expect(priceOfDay({ kind: 'metered', unitPrice: 2n }, null)).toBeNull();
    expect(priceOfDay({ kind: 'metered', unitPrice: 2n }, 0)).toBeNull(); // a stream that is silent now is not free
    expect(priceOfDay({ kind: 'metered', unitPrice: 2n }, 18.4)).toBe(3_179_520n);
  });
});

describe('a list of brokers', () => {
  it('is read with and without ports, and refused when one is no host', () => {
    expect(parseBrokers(' one:9093, two\nthree ')).toEqual(['one:9093', 'two:9092', 'three:9092']);
    expect(parseBrokers('')).toBeNull();
    expect(parseBrokers('one, http://two')).toBeNull();
    expect(parseBrokers('one:99999')).toBeNull();
  });
});

describe('the address of a gateway', () => {
  it('is a host and a port, with nothing behind them and nobody before them', () => {
    expect(['https://gateway.example.net:8710', ' http://127.0.0.1:8710/ '].map(isEndpoint)).toEqual([true, true]);
    expect(['', 'gateway.example.net', 'https://a.example/v1', 'https://me:secret@a.example', 'ftp://a.example'].map(isEndpoint)).toEqual([false, false, false, false, false]);
  });
});
