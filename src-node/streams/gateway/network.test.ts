import { expect, it } from 'vitest';
import { networkOf } from './network.ts';

it('takes an address of version 4 by itself, however it is written, and the /64 of one of version 6', () => {
  expect(['203.0.113.7', '::ffff:203.0.113.7', '::ffff:cb00:7107', '0:0:0:0:0:ffff:203.0.113.7'].map(networkOf)).toEqual(new Array(4).fill('203.0.113.7'));
  expect(['2001:db8:1:2::1', '2001:0DB8:1:2:ffff:ffff:ffff:ffff', '2001:db8:1:2:0:0:192.0.2.1', '2001:db8:1:2::%eth0'].map(networkOf)).toEqual(new Array(4).fill('2001:db8:1:2::/64'));
  expect(['2001:db8:1:3::1', '::1', '::', 'fe80::1%eth0', '1::'].map(networkOf)).toEqual(['2001:db8:1:3::/64', '0:0:0:0::/64', '0:0:0:0::/64', 'fe80:0:0:0::/64', '1:0:0:0::/64']);
  expect(networkOf(`unknown${'x'.repeat(1000)}`)).toHaveLength(64);
});
