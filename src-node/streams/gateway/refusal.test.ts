import { describe, expect, it } from 'vitest';
import { CodedError } from '../../base/errors.ts';
import { codeOf, openGateway } from './testing/open-gateway.ts';

describe('what fails behind the gateway', () => {
  it.each([['LOG_FULL', 'log_full', 507], ['LOG_UNREACHABLE', 'log_unavailable', 503], ['LOG_RIGHTS', 'log_unavailable', 503], ['LOG_CLOSED', 'stopping', 503], ['NO_NAME_FOR_IT', 'internal', 500]])('is refused by a name of its own: %s', async (fault, code, status) => {
    const gateway = await openGateway();
    const ticket = await gateway.ticket();
    gateway.cluster.appendDelay = () => Promise.reject(new CodedError(fault, 'broken'));
    const refused = await gateway.publish(ticket, gateway.publisher.next());
    expect([codeOf(refused), refused.status, refused.json['retry'], typeof refused.json['help']]).toEqual([code, status, 'later', 'string']);
    expect(refused.body).not.toContain('broken'); // what broke is told to the operator only
  });

  it('is told of the chain, and ends no right', async () => {
    const gateway = await openGateway();
    const { chain } = gateway;
    const ticket = await gateway.ticket({ channelId: chain.openChannel() });
    const channel = chain.channel.bind(chain);
    chain.channel = () => Promise.reject(new CodedError('CHAIN_UNREACHABLE', 'away'));
    chain.block();
    const refused = await gateway.read(ticket);
    expect([codeOf(refused), refused.status]).toEqual(['chain_unavailable', 503]);
    chain.channel = channel;
    expect(codeOf(await gateway.read(ticket))).toBe('ok'); // it is asked again in the same block
  });
});
