import { describe, expect, it } from 'vitest';
import { utf8, type Bytes } from '../../base/bytes.ts';
import { codeOf, openGateway } from './testing/open-gateway.ts';
import { fill, proofOf, ticketRequest } from './testing/test-stream.ts';
import { helloSchema, ticketRequestSchema } from './wire.ts';

describe('a ticket', () => {
  it('is given for what the publisher or the key of an open channel signed, and opens that stream only', async () => {
    const gateway = await openGateway();
    const channelId = gateway.chain.openChannel();
    expect(await gateway.ticket()).toMatch(/^[\w-]{43}$/);
    const reading = await gateway.ticket({ channelId });
    expect(codeOf(await gateway.read(reading))).toBe('ok');
    expect(codeOf(await gateway.publish(reading, gateway.publisher.next()))).toBe('publisher_only');
    expect(codeOf(await gateway.ask('GET', `/v1/streams/${'ab'.repeat(32)}/batches`, { ticket: reading }))).toBe('not_subscribed');
  });

  it('is refused when it is forged, for another chain or gateway, or for a right that is not there', async () => {
    const gateway = await openGateway();
    const channelId = gateway.chain.openChannel();
    const stranger = fill(32, 0x77);
    expect(await gateway.ticket({ key: stranger })).toBe('ticket_forged');
    expect(await gateway.ticket({ channelId, key: stranger })).toBe('ticket_forged');
    expect(await gateway.ticket({ channelId, signedChainId: 41n })).toBe('ticket_forged');
    expect(await gateway.ticket({ channelId, change: { chainId: 41n } })).toBe('wrong_chain');
    expect(await gateway.ticket({ channelId, change: { genesisHash: fill(32, 9) } })).toBe('wrong_chain');
    expect(await gateway.ticket({ channelId, change: { gateway: fill(32, 9) } })).toBe('wrong_gateway');
    expect(await gateway.ticket({ channelId: fill(32, 9) })).toBe('channel_unknown');
    expect(await gateway.ticket({ channelId, change: { streams: [fill(32, 9)] } })).toBe('stream_unknown');
    expect(await gateway.ticket({ channelId, change: { expSeconds: 1 } })).toBe('ticket_expired');
    expect(await gateway.ticket({ channelId, change: { expSeconds: gateway.clock.now() / 1000 + 2 * 86_400 } })).toBe('bad_request');
    gateway.chain.changeChannel(channelId, { status: 'closing' });
    gateway.chain.block();
    expect(await gateway.ticket({ channelId })).toBe('channel_closed');
    gateway.chain.streamRecord = { ...gateway.chain.streamRecord, gateways: [] };
    gateway.chain.block();
    expect(await gateway.ticket()).toBe('stream_elsewhere');
  });

  it('takes a nonce of its own: none twice, none that is old, none that the gateway did not draw', async () => {
    const gateway = await openGateway();
    const { nonce } = helloSchema.parse((await gateway.ask('GET', '/v1/hello')).json);
    const ask = async (used: Bytes): Promise<string> => codeOf(await gateway.ask('POST', '/v1/ticket', { body: utf8(JSON.stringify(ticketRequestSchema.encode(ticketRequest(gateway.chain, gateway.clock, used, { action: 'publish' })))) }));
    expect([await ask(nonce), await ask(nonce), await ask(fill(32, 1))]).toEqual(['ok', 'nonce_unknown', 'nonce_unknown']);
    const old = await gateway.nonce();
    gateway.advance(300_001);
    expect(await ask(old)).toBe('nonce_unknown');
  });

  it('ends at its time', async () => {
    const gateway = await openGateway();
    const ticket = await gateway.ticket();
    gateway.advance(3_600_000);
    expect(codeOf(await gateway.ask('GET', '/v1/usage', { ticket }))).toBe('ticket_expired');
  });
});

describe('the proof of a request', () => {
  it('counts once, for its own text, near its time, and by the key of the ticket', async () => {
    const gateway = await openGateway();
    const ticket = await gateway.ticket();
    const now = gateway.clock.now();
    const none = new Uint8Array(0);
    const ask = async (headers: Record<string, string>, target = '/v1/usage'): Promise<string> => codeOf(await gateway.ask('GET', target, { headers }));
    const good = proofOf(ticket, 'GET', '/v1/usage', none, now);
    expect([await ask(good), await ask(good)]).toEqual(['ok', 'proof_replayed']);
    expect(await ask({})).toBe('ticket_required');
    expect(await ask(proofOf(ticket, 'GET', '/v1/usage', none, now + 60_001))).toBe('clock_skew');
    expect(await ask(proofOf(ticket, 'GET', '/v1/usage', none, now - 60_001))).toBe('clock_skew');
    expect(await ask(proofOf(ticket, 'GET', '/v1/usage', none, now - 60_000))).toBe('ok');
    expect(await ask(proofOf(ticket, 'POST', '/v1/usage', none, now))).toBe('proof_forged');
    expect(await ask(proofOf(ticket, 'GET', '/v1/usage', none, now), '/v1/usage?x=1')).toBe('proof_forged');
    expect(await ask(proofOf(ticket, 'GET', '/v1/usage', utf8('{}'), now))).toBe('proof_forged');
    expect(await ask(proofOf(ticket, 'GET', '/v1/usage', none, now, { key: fill(32, 0x66) }))).toBe('proof_forged');
    expect(await ask(proofOf('A'.repeat(43), 'GET', '/v1/usage', none, now))).toBe('ticket_unknown');
  });
});
