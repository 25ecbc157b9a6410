import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fromHex } from '../../base/bytes.ts';
import { isCoded } from '../../base/errors.ts';
import { checkOpcodes, instructions } from './opcodes.ts';
import { contractOutputs } from './outputs.ts';

/** The compiler needs ten seconds alone, and a minute beside other tests. */
const COMPILER_TIMEOUT = 300_000;

const root = join(import.meta.dirname, '..', '..', '..');

describe('the contract build', () => {
  it('gives byte for byte what is committed', () => {
    for (const [path, text] of contractOutputs()) {
      const file = join(root, path);
      expect(existsSync(file) && readFileSync(file, 'utf8') === text, `${path} is stale: run npm run contracts`).toBe(true);
    }
  }, COMPILER_TIMEOUT);
});

describe('the opcode check', () => {
  const refusal = (code: string): unknown => {
    try {
      checkOpcodes('Trial', fromHex(code));
      return null;
    } catch (error) {
      return isCoded(error) ? error.meta['opcode'] : error;
    }
  };

  it('refuses what the chain does not run, by name', () => {
    const forbidden = { '1d': 'SAR', '3f': 'EXTCODEHASH', '46': 'CHAINID', '47': 'SELFBALANCE', '48': 'BASEFEE', '5c': 'TLOAD', '5e': 'MCOPY', '5f': 'PUSH0', f5: 'CREATE2', '0c': '0x0c' };
    for (const [byte, name] of Object.entries(forbidden)) expect(refusal(`6001${byte}00`)).toBe(name);
  });

  it('takes every other instruction of Byzantium, and the shifts', () => {
    expect(refusal('60016002016001901b1c1560006000fd3d3e3b3afafe')).toBeNull();
  });

  it('does not read the data of a push as code, also at the end', () => {
    expect(refusal(`7f${'1d'.repeat(32)}5000`)).toBeNull();
    expect(refusal('600160021d')).toBe('SAR');
    expect([...instructions(fromHex('61f5'))]).toEqual([{ offset: 0, opcode: 0x61 }]);
  });
});
