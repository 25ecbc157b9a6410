/** A chain that keeps the creations it was given, for tests of deployments and of who made them. */
import { fromHex, toHex, type Bytes, type Hex } from '../../base/bytes.ts';
import type { DeploymentReader } from '../verify-creation.ts';
import { Harness } from './harness.ts';

export const PRACTICE = { chainId: 4181n, genesisHash: toHex(new Uint8Array(32).fill(0x9e)), periodMillis: 1_000 };
const ABOVE_ALL: bigint = 20_000_000n;

type CreationTx = NonNullable<Awaited<ReturnType<DeploymentReader['block']>>>['transactions'][number];

/** One block for each creation. */
export class DeployedChain implements DeploymentReader {
  readonly chainId = PRACTICE.chainId;
  readonly genesisHash = fromHex(PRACTICE.genesisHash);
  readonly harness = new Harness();
  readonly #blocks: CreationTx[] = [];

  create(from: Hex, data: Bytes): ReturnType<Harness['create']> & { readonly block: bigint } {
    const nonce = this.harness.nonceOf(from);
    const outcome = this.harness.create(from, data, { gas: ABOVE_ALL });
    this.#blocks.push({ from: fromHex(from), to: null, nonce, input: data });
    return { ...outcome, block: BigInt(this.#blocks.length - 1) };
  }

  codeOf(address: Bytes): Promise<Bytes> {
    return Promise.resolve(this.harness.state.codeOf(address));
  }

  block(number: bigint): ReturnType<DeploymentReader['block']> {
    const tx = this.#blocks[Number(number)];
    return Promise.resolve(tx === undefined ? null : { transactions: [{ ...tx, to: new Uint8Array(20), nonce: 99n }, tx] });
  }
}
