import { expect, it } from 'vitest';
import { toHex } from '../../base/bytes.ts';
import { millis } from '../../base/clock.ts';
import type { StreamChain } from '../stream-chain.ts';
import { GatewayWatch } from './gateway-watch.ts';

type Chain = Pick<StreamChain, 'stream' | 'gateway'>;
type Gateway = NonNullable<Awaited<ReturnType<Chain['gateway']>>>;

const STREAM = `0x${'5d'.repeat(32)}` as const;
const IDS = [1, 2, 3].map((byte) => new Uint8Array(32).fill(byte));
const ADDRESSES = [['http://a.example', 'http://127.0.0.1:8547'], ['http://b.example', 'http://c.example'], []];

function watchOf(): GatewayWatch {
  const chain = {
    stream: () => Promise.resolve({ gateways: IDS } as unknown as Awaited<ReturnType<Chain['stream']>>),
    gateway: (id: Uint8Array) => Promise.resolve({ endpoints: ADDRESSES[IDS.findIndex((one) => one === id)] ?? [], status: 'bonded' } as unknown as Gateway),
  };
  return new GatewayWatch({ chain });
}

it('knows a gateway by any of its addresses, and names the one that is used', async () => {
  const watch = watchOf();
  expect(await watch.connected(STREAM, 'http://127.0.0.1:8547')).toBe(true);
  expect(watch.current).toEqual({ id: toHex(IDS[0]!), name: '127.0.0.1:8547' });
});

it('counts another gateway as ready until all its addresses have failed, and again a minute later', async () => {
  const watch = watchOf();
  await watch.connected(STREAM, 'http://a.example');
  const ready = [watch.ready(millis(100_000))];
  watch.failed('http://b.example', millis(100_000));
  ready.push(watch.ready(millis(100_000)));
  watch.failed('http://c.example', millis(100_001));
  ready.push(watch.ready(millis(100_001)), watch.ready(millis(160_001)));
  expect(ready).toEqual([1, 1, 0, 1]);
});
