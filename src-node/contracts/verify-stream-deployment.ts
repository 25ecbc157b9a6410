/** Whether three addresses are contracts of streams of ours on this chain (docs/protocol/11 §4.3). */
import { toHex, type Bytes } from '../base/bytes.ts';
import { CodedError } from '../base/errors.ts';
import { STREAM_ARTIFACTS, type StreamContract } from './artifacts.ts';
import * as channelBinding from './bindings/pd-channel.gen.ts';
import * as gatewayBinding from './bindings/pd-gateway.gen.ts';
import * as streamBinding from './bindings/pd-stream.gen.ts';
import type { StreamAddresses } from './deploy.ts';
import type { StreamParameters } from './stream-parameters.ts';
import { creationArguments, type DeploymentReader } from './verify-creation.ts';

/**
 * NOT_STREAM_CONTRACTS: `meta.contract` is no contract of ours, or was not created by our code. OTHER_CHAIN_STREAMS: made for
 * another chain. MIXED_STREAM_CONTRACTS: the three do not belong together.
 */
export type StreamVerificationCode = 'NOT_STREAM_CONTRACTS' | 'OTHER_CHAIN_STREAMS' | 'MIXED_STREAM_CONTRACTS';

export interface StreamDeploymentRecord {
  readonly addresses: StreamAddresses;
  /** Number of the block that created each contract. */
  readonly createdIn: Readonly<Record<StreamContract, bigint>>;
}

/** Parameters of the contracts, read from their creation. @throws CodedError<StreamVerificationCode>, and what the reader throws */
export async function verifyStreamDeployment(reader: DeploymentReader, record: StreamDeploymentRecord, periodMillis: number): Promise<StreamParameters> {
  const { p: gateway } = gatewayBinding.decodeConstructor(await argumentsOf(reader, record, 'gateway'));
  const stream = streamBinding.decodeConstructor(await argumentsOf(reader, record, 'stream'));
  const channel = channelBinding.decodeConstructor(await argumentsOf(reader, record, 'channel'));
  if (stream.gateways !== record.addresses.gateway || channel.streams !== record.addresses.stream) {
    throw refused('MIXED_STREAM_CONTRACTS', 'The three contracts do not belong to each other.', 'Take all three addresses from one deployment.');
  }
  for (const p of [gateway, channel.p]) {
    if (p.chainId !== reader.chainId || p.genesisHash !== toHex(reader.genesisHash) || p.periodMs !== periodMillis) {
      throw refused('OTHER_CHAIN_STREAMS', 'The contracts were made for another chain.', 'Choose the network that they belong to.');
    }
  }
  return { gateway, stream: stream.p, channel: channel.p };
}

/** Checks code and creation of one contract. @returns the arguments of its constructor */
async function argumentsOf(reader: DeploymentReader, { addresses, createdIn }: StreamDeploymentRecord, contract: StreamContract): Promise<Bytes> {
  const address = addresses[contract];
  const args = await creationArguments(reader, STREAM_ARTIFACTS[contract], { address, createdIn: createdIn[contract] });
  if (args !== null) return args;
  throw new CodedError<StreamVerificationCode>('NOT_STREAM_CONTRACTS', `${address} is not a ${contract} contract of this program.`, {
    help: 'Check the address and the block of its creation, or deploy contracts of your own.',
    meta: { contract, address },
  });
}

function refused(code: StreamVerificationCode, message: string, help: string): CodedError<StreamVerificationCode> {
  return new CodedError(code, message, { help });
}
