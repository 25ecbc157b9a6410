import { describe, expect, it } from 'vitest';
import { toHex, utf8, type Bytes } from '../../base/bytes.ts';
import { decodeBatch } from '../format/batch.ts';
import { LONG } from './testing/memory-engine.ts';
import { codeOf, openGateway } from './testing/open-gateway.ts';
import { streamPath } from './testing/test-gateway.ts';
import { EPOCH_SECONDS, fill, STREAM_ID } from './testing/test-stream.ts';
import { keysRequestSchema, peekAnswerSchema, peekKeyRequestSchema, subscribersAnswerSchema } from './wire.ts';

describe('a publisher', () => {
  it('sees whom to seal keys for, and brings them; only their subscriber gets them', async () => {
    const gateway = await openGateway();
    const channelId = gateway.chain.openChannel();
    const other = gateway.chain.openChannel(fill(32, 0x55));
    const ticket = await gateway.ticket();
    const [mine, theirs] = [await gateway.ticket({ channelId }), await gateway.ticket({ channelId: other, key: fill(32, 0x55) })];
    const { subscribers } = subscribersAnswerSchema.parse((await gateway.ask('GET', streamPath('/subscribers'), { ticket })).json);
    expect(subscribers.map(({ channelId: id }) => toHex(id)).sort()).toEqual([toHex(channelId), toHex(other)].sort());
    const keys = keysRequestSchema.encode({ channelId, generation: 1, from: 10, to: 16, envelope: utf8('sealed') });
    expect(codeOf(await gateway.ask('POST', streamPath('/keys'), { ticket, body: utf8(JSON.stringify(keys)) }))).toBe('ok');
    expect(codeOf(await gateway.ask('POST', streamPath('/keys'), { ticket: mine, body: utf8(JSON.stringify(keys)) }))).toBe('publisher_only');
    const read = async (reader: string, span: string): Promise<string> => {
      const answer = await gateway.ask('GET', streamPath(`/keys?${span}`), { ticket: reader });
      return answer.status === 200 ? JSON.stringify(answer.json) : codeOf(answer);
    };
    expect(await read(mine, 'from=16&to=20')).toContain(Buffer.from('sealed').toString('base64'));
    expect(await read(mine, 'from=17&to=20')).toBe('epoch_unavailable');
    expect(await read(theirs, 'from=0&to=99')).toBe('epoch_unavailable');
    gateway.chain.changeChannel(other, { status: 'closed' });
    gateway.chain.block();
    expect((await gateway.ask('GET', streamPath('/subscribers'), { ticket })).json['subscribers']).toHaveLength(1);
  });

  it('makes an epoch public, which anyone may look at a few times a day', async () => {
    const gateway = await openGateway({ limits: { peeksPerDay: 2 } });
    const ticket = await gateway.ticket();
    const { epoch } = gateway.chain;
    await gateway.publish(ticket, gateway.publisher.next(2));
    gateway.advance(EPOCH_SECONDS * 1000);
    await gateway.publish(ticket, gateway.publisher.next(2));
    const key = peekKeyRequestSchema.encode({ generation: 1, epoch, nodes: [{ depth: 20, prefix: epoch, key: fill(32, 7) }] });
    expect(codeOf(await gateway.ask('POST', streamPath('/peek-key'), { ticket, body: utf8(JSON.stringify(key)) }))).toBe('ok');
    const peek = peekAnswerSchema.parse((await gateway.ask('GET', streamPath('/peek'))).json);
    expect(peek.batches.map((batch) => decodeBatch(batch).fields.firstSeq)).toEqual([0n]);
    await gateway.ask('GET', streamPath('/peek'));
    expect(codeOf(await gateway.ask('GET', streamPath('/peek')))).toBe('quota_peek');
    expect(codeOf(await gateway.ask('GET', streamPath('/peek'), { network: '10.0.0.1' }))).toBe('ok');
  });

  it('finds envelopes kept as long as a batch is that they open, and channels until they are paid out', async () => {
    const gateway = await openGateway();
    const { chain, cluster } = gateway;
    const [mine, other] = [chain.openChannel(), chain.openChannel(fill(32, 0x55))];
    const ticket = await gateway.ticket();
    await gateway.ticket({ channelId: mine });
    await gateway.ticket({ channelId: other, key: fill(32, 0x55) });
    await gateway.publish(ticket, gateway.publisher.next());
    const first = chain.epoch;
    const bring = async (channelId: Bytes, from: number): Promise<void> => {
      const keys = keysRequestSchema.encode({ channelId, generation: 1, from, to: from, envelope: utf8('sealed') });
      expect(codeOf(await gateway.ask('POST', streamPath('/keys'), { ticket, body: utf8(JSON.stringify(keys)) }))).toBe('ok');
    };
    for (const epoch of [first - 1, first, first + 1]) await bring(mine, epoch);
    await bring(other, first);
    const kept = async (): Promise<readonly string[]> => {
      await gateway.gateway.tidy();
      return [...cluster.of(STREAM_ID).values.keys()].map((key) => `${key.split('/')[0] ?? ''} ${key.includes(toHex(mine)) ? 'mine' : 'other'} ${key.split('/')[2]?.includes('-') === true ? String(Number(key.split('-')[1]) - first) : ''}`.trim()).sort();
    };
    // a publisher that was away may bring batches of those epochs yet
    expect(await kept()).toEqual(['account mine', 'account other', 'envelope mine -1', 'envelope mine 0', 'envelope mine 1', 'envelope other 0']);
    gateway.advance(LONG + 2 * EPOCH_SECONDS * 1000);
    expect(await kept()).toEqual(['account mine', 'account other', 'envelope mine 0', 'envelope mine 1', 'envelope other 0']); // the batch is kept still
    chain.changeChannel(other, { status: 'closing' });
    chain.block();
    expect(await kept()).toContain('account other'); // its voucher may be shown yet
    chain.changeChannel(other, { status: 'closed' });
    chain.block();
    expect(await kept()).toEqual(['account mine', 'envelope mine 0', 'envelope mine 1']);
    cluster.drop(STREAM_ID, 1n);
    expect(await kept()).toEqual(['account mine']);
  });
});
