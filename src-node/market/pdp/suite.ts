/** Constants of the package format by suite number (docs/protocol/11 §4.5). Packer, reader and the contract use one table. */
import { CodedError } from '../../base/errors.ts';

export interface Suite {
  readonly number: number;
  readonly cipher: 'aes-256-ctr';
  /** Plain bytes of a unit; the last one of a chunk may be shorter. */
  readonly unitBytes: number;
  readonly maxChunkBytes: number;
  /** First block counter of unit 0. */
  readonly firstCounter: number;
}

export const SUITE_1: Suite = { number: 1, cipher: 'aes-256-ctr', unitBytes: 4096, maxChunkBytes: 1 << 20, firstCounter: 2 };

const SUITES: ReadonlyMap<number, Suite> = new Map([[SUITE_1.number, SUITE_1]]);

/** @throws UNKNOWN_SUITE */
export function suiteOf(number: number): Suite {
  const suite = SUITES.get(number);
  if (suite === undefined) throw new CodedError('UNKNOWN_SUITE', `This data is packed in a way (suite ${number}) that this version does not know.`, { help: 'Update the program.', meta: { reason: 'program', suite: number } });
  return suite;
}

export function unitCountOf(suite: Suite, length: number): number {
  return Math.ceil(length / suite.unitBytes);
}
