import { describe, expect, it } from 'vitest';
import { toHex } from '../base/bytes.ts';
import { addressOf } from '../crypto/secp256k1.ts';
import { NETWORK_NAMES, network, networkNamed } from './network.ts';
import { practiceKeys, PRACTICE_CHAIN_ID } from './practice.ts';

describe('networks', () => {
  it('are found by name', () => {
    for (const name of NETWORK_NAMES) expect(networkNamed(name).name).toBe(name);
    expect(() => networkNamed('moon')).toThrow(expect.objectContaining({ code: 'UNKNOWN_NETWORK' }));
  });

  it('have a committee that fits their numbers', () => {
    for (const name of NETWORK_NAMES) {
      const { dpor, proposers, validators } = network(name);
      expect([name, proposers.length, validators.length]).toEqual([name, dpor.termLen, 3 * dpor.faulty + 1]);
    }
  });
});

describe('practice', () => {
  it('has a chain id of its own', () => {
    const others = NETWORK_NAMES.filter((name) => name !== 'practice').map((name) => network(name).chainId);
    expect(others).not.toContain(PRACTICE_CHAIN_ID);
  });

  it('gives its keys for its own chain only', () => {
    const config = network('practice');
    const keys = practiceKeys(config.chainId);
    expect(keys.proposers.map(addressOf).map(toHex)).toEqual(config.proposers.map(toHex));
    expect(keys.validators.map(addressOf).map(toHex)).toEqual(config.validators.map(toHex));
    expect(config.genesis.alloc[0]).toMatchObject({ balance: 10n ** 27n });
    expect(toHex(config.genesis.alloc[0]?.address ?? new Uint8Array())).toBe(toHex(addressOf(keys.faucet)));
    for (const chainId of [337n, 40n, 41n, 42n, 43n]) expect(() => practiceKeys(chainId)).toThrow(expect.objectContaining({ code: 'NOT_PRACTICE' }));
  });
});
