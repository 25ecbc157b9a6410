import { describe, expect, it } from 'vitest';
import { checkAddress, checksummed } from './address-check.ts';

// From EIP-55.
const ADDRESS = '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed';
const OTHER = '0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359';
const NOBODY = { own: [], paidBefore: [] };

describe('address check', () => {
  it('writes the checksum', () => expect([checksummed(ADDRESS.toLowerCase()), checksummed(OTHER.toLowerCase())]).toEqual([ADDRESS, OTHER]));
  it('takes lower case without a checksum', () => expect(checkAddress(` ${ADDRESS.toLowerCase()} `, NOBODY)).toEqual({ state: 'ok', address: ADDRESS, knownAs: null }));
  it('refuses a changed character', () => expect(checkAddress(ADDRESS.replace('5aA', '5aB'), NOBODY)).toEqual({ state: 'wrong-checksum' }));
  it('refuses what is no address', () => expect([checkAddress('', NOBODY).state, checkAddress('0x12', NOBODY).state, checkAddress(`${ADDRESS}0`, NOBODY).state]).toEqual(['empty', 'malformed', 'malformed']));
  it('knows own accounts and earlier payments', () => {
    expect(checkAddress(ADDRESS, { own: [ADDRESS.toLowerCase()], paidBefore: [] })).toMatchObject({ knownAs: 'own' });
    expect(checkAddress(OTHER, { own: [], paidBefore: [OTHER] })).toMatchObject({ knownAs: 'paid-before' });
  });
  it('warns of one that ends like a known one', () => {
    const twin = `0x${'11'.repeat(18)}${ADDRESS.slice(-4)}`.toLowerCase();
    expect(checkAddress(twin, { own: [ADDRESS], paidBefore: [] })).toMatchObject({ state: 'look-alike', known: ADDRESS });
  });
});
