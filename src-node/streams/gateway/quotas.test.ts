import { describe, expect, it } from 'vitest';
import { codeOf, openGateway } from './testing/open-gateway.ts';

describe('quotas', () => {
  it('hold a ticket to its rates, and say when to come back', async () => {
    const gateway = await openGateway({ limits: { publishRecordsPerSecond: 10, publishBytesPerSecond: 20_000, readBytesPerSecond: 1000 } });
    const channelId = gateway.chain.openChannel();
    const ticket = await gateway.ticket();
    expect(codeOf(await gateway.publish(ticket, gateway.publisher.next(20)))).toBe('ok');
    const refused = await gateway.publish(ticket, gateway.publisher.next(5));
    expect(codeOf(refused)).toBe('quota_rate');
    expect(Number(refused.json['retryAfterMillis'])).toBeGreaterThan(100);
    expect(refused.headers['retry-after']).toBe('1');
    const large = await openGateway({ limits: { publishBytesPerSecond: 20_000 } });
    const one = await large.ticket();
    expect(codeOf(await large.publish(one, large.publisher.next(1, {}, { bytes: 39_000 })))).toBe('ok');
    expect(codeOf(await large.publish(one, large.publisher.next(1, {}, { bytes: 39_000 })))).toBe('quota_bytes');
    const reading = await gateway.ticket({ channelId });
    expect(codeOf(await gateway.read(reading))).toBe('ok');
    expect(codeOf(await gateway.read(reading))).toBe('quota_bytes');
  });

  it('hold an address that asks for more than its share', async () => {
    const gateway = await openGateway({ limits: { requestsPerSecond: 1 } });
    const codes = new Set<string>();
    for (let i = 0; i < 30; i++) codes.add(codeOf(await gateway.ask('GET', '/v1/hello')));
    expect(codes).toEqual(new Set(['ok', 'quota_rate']));
    expect(codeOf(await gateway.ask('GET', '/v1/hello', { network: '10.0.0.1' }))).toBe('ok');
  });

  it('count the addresses of one /64 as one, and an address of version 4 however it is written', async () => {
    const gateway = await openGateway({ limits: { requestsPerSecond: 1 } });
    const ask = async (network: string): Promise<string> => codeOf(await gateway.ask('GET', '/v1/hello', { network }));
    for (let i = 0; i < 16; i++) expect(await ask(`2001:db8:1:2::${i.toString(16)}`)).toBe('ok');
    expect(await ask('2001:db8:1:2:ffff::1')).toBe('quota_rate');
    expect(await ask('2001:db8:1:3::1')).toBe('ok');
    for (let i = 0; i < 16; i++) expect(await ask('203.0.113.7')).toBe('ok');
    expect(await ask('::ffff:203.0.113.7')).toBe('quota_rate');
  });

  it('hold an account to two tickets, however many it takes', async () => {
    const gateway = await openGateway({ limits: { publishRecordsPerSecond: 10 } });
    const [one, two, three] = [await gateway.ticket(), await gateway.ticket(), await gateway.ticket()];
    const codes: string[] = [];
    for (const ticket of [one, two, three]) codes.push(codeOf(await gateway.publish(ticket, gateway.publisher.next(20))));
    expect(codes).toEqual(['ok', 'ok', 'quota_rate']);
  });
});
