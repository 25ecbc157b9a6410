/** PDFraud alone on a chain, asked directly. */
import { fromHex, toHex, type Bytes, type Hex } from '../../base/bytes.ts';
import { invariant } from '../../base/errors.ts';
import { MARKET_ARTIFACTS } from '../artifacts.ts';
import * as fraud from '../bindings/pd-fraud.gen.ts';
import { leafInput, pathInput, unitInput, type LeafFields, type UnitFields } from '../proofs.ts';
import type { ContractRevertCode } from '../revert-errors.ts';
import { Harness, type Outcome } from './harness.ts';
import { account, must } from './market.ts';
import { leafPath, type ReferencePackage } from './reference-package.ts';

export type Verdict = 'PROVEN' | ContractRevertCode;

/** What the chain knows of a package as its version. */
export function packOf(pack: ReferencePackage): fraud.Pack {
  return {
    seller: toHex(pack.input.seller),
    versionSalt: toHex(pack.input.versionSalt),
    dataRoot: toHex(pack.dataRoot),
    keyCommit: toHex(pack.keyCommit),
    chunkCount: pack.chunks.length,
    suite: 1,
  };
}

export interface UnitClaim {
  readonly pack?: Partial<fraud.Pack>;
  readonly leaf?: Partial<LeafFields>;
  readonly leafPath?: readonly Bytes[];
}

export class FraudCourt {
  readonly harness = new Harness();
  readonly address: Hex;

  constructor() {
    const created = this.harness.create(account('court'), fromHex(MARKET_ARTIFACTS.fraud.bytecode), { gas: 10_000_000n });
    must(created);
    this.address = created.address;
  }

  call(data: Bytes): Outcome {
    return this.harness.call(account('anyone'), this.address, data);
  }

  judge(data: Bytes): Verdict {
    const { error, reason } = this.call(data);
    return error === undefined ? 'PROVEN' : (reason?.code ?? 'CONTRACT_REVERTED');
  }

  wrongKey(pack: fraud.Pack, order: Hex, opening: fraud.KeyOpening): Verdict {
    return this.judge(fraud.encodeWrongKey(pack, order, opening));
  }

  badKeyLeaf(pack: ReferencePackage, order: Hex, opening: fraud.KeyOpening, chunk: number, claim: UnitClaim = {}): Verdict {
    const { facts } = chunkOf(pack, chunk);
    const path = pathInput(claim.leafPath ?? leafPath(pack, chunk));
    return this.judge(fraud.encodeBadKeyLeaf({ ...packOf(pack), ...claim.pack }, order, opening, leafInput({ ...facts, ...claim.leaf }), path));
  }

  badUnit(pack: ReferencePackage, chunk: number, unit: UnitFields, claim: UnitClaim = {}): Verdict {
    const { facts } = chunkOf(pack, chunk);
    const path = pathInput(claim.leafPath ?? leafPath(pack, chunk));
    return this.judge(fraud.encodeBadUnit({ ...packOf(pack), ...claim.pack }, leafInput({ ...facts, ...claim.leaf }), path, unitInput(unit)));
  }
}

export function chunkOf(pack: ReferencePackage, index: number): ReferencePackage['chunks'][number] {
  const chunk = pack.chunks[index];
  invariant(chunk, `There is no chunk ${index}.`);
  return chunk;
}
