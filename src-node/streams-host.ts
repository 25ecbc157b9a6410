/** The streams of a network, over the contracts where they are. */
import { join } from 'node:path';
import { toHex, type Hex } from './base/bytes.ts';
import type { Millis } from './base/clock.ts';
import { CodedError } from './base/errors.ts';
import type { StreamServices } from './api/services.ts';
import { ContractHost, type ContractRecord } from './contract-host.ts';
import type { StreamContract } from './contracts/artifacts.ts';
import { streamAddresses, streamDeployment, type StreamAddresses } from './contracts/deploy.ts';
import type { MarketKind } from './contracts/market-parameters.ts';
import { streamParameters } from './contracts/stream-parameters.ts';
import { verifyStreamDeployment } from './contracts/verify-stream-deployment.ts';
import { CATEGORIES } from './market/categories.ts';
import { openStreamStore } from './streams/store.ts';
import { StreamsRuntime, type StreamsModules } from './streams/streams-runtime.ts';
import type { Outbox } from './wallet/outbox.ts';

export interface StreamsHostOptions {
  /** Folder of this network's data. */
  readonly folder: string;
  readonly kind: MarketKind;
  readonly periodMillis: Millis;
  /** Where every network of this kind has them, or null. */
  readonly wellKnown: StreamAddresses | null;
  /** What the user chose or deployed before. */
  readonly saved: StreamAddresses | null;
}

export interface StreamsHostModules extends Omit<StreamsModules, 'db'> {
  readonly outbox: Outbox;
  readonly save: (addresses: StreamAddresses) => Promise<void>;
}

/** Where programs of this computer read along. */
const LOCAL_PORT = 8711;

export class StreamsHost extends ContractHost<StreamContract, StreamsRuntime> implements StreamServices {
  readonly kind: MarketKind;

  constructor(options: StreamsHostOptions, modules: StreamsHostModules) {
    const { kind, periodMillis, folder } = options;
    const { reader } = modules;
    super({ ...options, names: ['gateway', 'stream', 'channel'], topic: 'streams', deployKind: 'deploy-streams' }, {
      ...modules,
      onStarted: () => modules.onChange('streams'),
      missing: nothingAt,
      addressesOf: streamAddresses,
      deployment: (deployer) => streamDeployment({ ...deployer, parameters: streamParameters(kind, { chainId: reader.chainId, genesisHash: toHex(reader.genesisHash), periodMillis }) }),
      check: async (record: ContractRecord<StreamContract>, firstBlock) => {
        const { addresses } = record;
        const parameters = await verifyStreamDeployment(reader, record, periodMillis);
        const name = join(folder, `streams-${addresses.stream.slice(2, 12)}`);
        const db = openStreamStore(`${name}.sqlite`);
        const reading = { folder: join(folder, 'readings'), recordings: join(folder, 'recordings'), localPort: LOCAL_PORT };
        return { db, begin: () => new StreamsRuntime({ folder: name, addresses, parameters, periodMillis, firstBlock, practice: kind === 'practice', categories: CATEGORIES, reading }, { ...modules, db }) };
      },
    });
    this.kind = kind;
  }
}

function nothingAt(contract: string, address: Hex): CodedError {
  return new CodedError('NOT_STREAM_CONTRACTS', 'There is no contract at this address.', { help: 'Check the address and the network.', meta: { contract, address } });
}
