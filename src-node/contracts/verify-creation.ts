/**
 * Whether an address is a contract of ours. Equal code alone is not enough: whoever writes his own creation code can give
 * our code to the chain with balances of his own already in its storage. So the creating transaction itself must carry our
 * creation code.
 */
import { equal, fromHex, toHex, type Bytes, type Hex } from '../base/bytes.ts';
import { createAddress } from '../evm/create-address.ts';
import type { Artifact } from './artifacts.ts';

/** What the check reads of a chain; `chain`'s reader fits. */
export interface DeploymentReader {
  readonly chainId: bigint;
  readonly genesisHash: Bytes;
  codeOf(address: Bytes): Promise<Bytes>;
  block(number: bigint): Promise<{
    readonly transactions: readonly { readonly from: Bytes; readonly to: Bytes | null; readonly nonce: bigint; readonly input: Bytes }[];
  } | null>;
}

/** @param at the contract, and the block that created it. @returns the arguments of its constructor, or null when it is not ours */
export async function creationArguments(reader: DeploymentReader, artifact: Artifact, at: { readonly address: Hex; readonly createdIn: bigint }): Promise<Bytes | null> {
  if (!isOurCode(artifact, await reader.codeOf(fromHex(at.address)))) return null;
  const block = await reader.block(at.createdIn);
  const creation = block?.transactions.find((tx) => tx.to === null && toHex(createAddress(tx.from, tx.nonce)) === at.address);
  const code = fromHex(artifact.bytecode);
  if (creation === undefined || !equal(creation.input.subarray(0, code.length), code)) return null;
  return creation.input.subarray(code.length);
}

/** Equal to the compiled code where no immutable stands. */
function isOurCode({ deployedBytecode, immutableReferences }: Artifact, code: Bytes): boolean {
  const masked = Uint8Array.from(code);
  for (const { start, length } of Object.values(immutableReferences).flat()) masked.fill(0, start, start + length);
  return equal(masked, fromHex(deployedBytecode));
}
