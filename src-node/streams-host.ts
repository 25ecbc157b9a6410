/** Finds, checks and starts the streams of a network, and starts them again when the user names others. */
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { fromHex, toHex, type Bytes, type Hex } from './base/bytes.ts';
import type { Millis } from './base/clock.ts';
import { CodedError, isCoded } from './base/errors.ts';
import type { StreamServices } from './api/services.ts';
import { DEPLOYMENT_GAS, streamAddresses, streamDeployment, type StreamAddresses } from './contracts/deploy.ts';
import type { MarketKind } from './contracts/market-parameters.ts';
import { streamParameters } from './contracts/stream-parameters.ts';
import { verifyStreamDeployment, type StreamDeploymentRecord } from './contracts/verify-stream-deployment.ts';
import { CATEGORIES } from './market/categories.ts';
import { creationBlock, SEARCHED_BLOCKS } from './market/creation-block.ts';
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

const CONTRACTS = ['gateway', 'stream', 'channel'] as const;
/** Where programs of this computer read along. */
const LOCAL_PORT = 8711;
const DEPLOY_KIND = 'deploy-streams';

export class StreamsHost implements StreamServices {
  readonly #options: StreamsHostOptions;
  readonly #modules: StreamsHostModules;
  #current: StreamsRuntime | null = null;
  #db: DatabaseSync | null = null;
  #starting: Promise<void> | null = null;
  /** While the user's choice replaces them, no step starts the old ones again beside it. */
  #changing: Promise<void> | null = null;
  #closed = false;

  constructor(options: StreamsHostOptions, modules: StreamsHostModules) {
    this.#options = options;
    this.#modules = modules;
  }

  readonly current = (): StreamsRuntime | null => this.#current;

  readonly isDeploying = (): boolean => this.#options.wellKnown !== null || this.#deployedByUser() !== null;

  get kind(): MarketKind {
    return this.#options.kind;
  }

  /** Starts them as soon as their contracts are on the chain; then moves them on. */
  async step(): Promise<void> {
    if (this.#closed) return;
    if (this.#changing !== null) return this.#changing;
    if (this.#current !== null) return this.#current.step();
    const addresses = this.#options.saved ?? this.#options.wellKnown ?? this.#deployedByUser();
    if (addresses === null) return;
    this.#starting ??= this.#start(addresses)
      .catch((error: unknown) => {
        if (!isCoded(error)) throw error;
        this.#modules.log.info('streams not started', { code: error.code });
      })
      .finally(() => (this.#starting = null));
    await this.#starting;
  }

  readonly use = async (addresses: StreamAddresses): Promise<void> => {
    const change = this.#settled().then(() => this.#change(addresses));
    const ended = change.catch(() => undefined).then(() => {
      if (this.#changing === ended) this.#changing = null;
    });
    this.#changing = ended;
    await change;
  };

  async #settled(): Promise<void> {
    await this.#changing;
    await this.#starting;
  }

  async #change(addresses: StreamAddresses): Promise<void> {
    await this.#stop();
    if (this.#closed) return;
    await this.#start(addresses);
    await this.#modules.save(addresses);
  }

  readonly draftDeployment = async (from: Bytes): ReturnType<StreamServices['draftDeployment']> => {
    const { reader } = this.#modules;
    const { kind, periodMillis } = this.#options;
    const nonce = await reader.nonceOf(from);
    const parameters = streamParameters(kind, { chainId: reader.chainId, genesisHash: toHex(reader.genesisHash), periodMillis });
    const deployments = streamDeployment({ deployer: toHex(from), nonce, parameters });
    // The later two check the earlier ones, which are not on the chain yet: their gas cannot be simulated.
    return { id: `${DEPLOY_KIND}:${toHex(from)}:${nonce}`, kind: DEPLOY_KIND, title: '', account: from, calls: deployments.map(({ data }) => ({ to: null, value: 0n, payload: data, gasLimit: DEPLOYMENT_GAS })), subject: null, permissions: [] };
  };

  async close(): Promise<void> {
    this.#closed = true;
    await this.#settled();
    await this.#stop();
  }

  /** Where a finished deployment of this wallet stands. */
  #deployedByUser(): StreamAddresses | null {
    const action = this.#modules.outbox.list(50).find(({ kind, error }) => kind === DEPLOY_KIND && error === null);
    const first = action?.entries[0];
    return action === undefined || first === undefined ? null : streamAddresses({ deployer: toHex(action.account), nonce: first.nonce });
  }

  async #start(addresses: StreamAddresses): Promise<void> {
    const { reader, save } = this.#modules;
    const { periodMillis, folder, wellKnown } = this.#options;
    const record = await this.#locate(addresses);
    const parameters = await verifyStreamDeployment(reader, record, periodMillis);
    const name = join(folder, `streams-${addresses.stream.slice(2, 12)}`);
    const db = openStreamStore(`${name}.sqlite`);
    const firstBlock = CONTRACTS.map((name) => record.createdIn[name]).reduce((least, block) => (block < least ? block : least));
    this.#db = db;
    this.#current = new StreamsRuntime({ folder: name, addresses, parameters, periodMillis, firstBlock, practice: this.kind === 'practice', categories: CATEGORIES, reading: { folder: join(folder, 'readings'), recordings: join(folder, 'recordings'), localPort: LOCAL_PORT } }, { ...this.#modules, db });
    if (wellKnown === null) await save(addresses);
    this.#modules.onChange('streams');
    await this.#current.step();
  }

  async #stop(): Promise<void> {
    await this.#current?.close();
    this.#current = null;
    this.#db?.close();
    this.#db = null;
  }

  /** Blocks that created the three contracts: an address alone is not enough. @throws NOT_STREAM_CONTRACTS, CREATION_NOT_FOUND; `meta.contract` names the one */
  async #locate(addresses: StreamAddresses): Promise<StreamDeploymentRecord> {
    const { reader } = this.#modules;
    const createdIn = async (name: (typeof CONTRACTS)[number]): Promise<bigint> => {
      const contract = fromHex(addresses[name]);
      if ((await reader.codeOf(contract)).length === 0) throw nothingAt(name, addresses[name]);
      const block = await creationBlock(reader, contract);
      if (block === null) throw creationMissing(name, addresses[name]);
      return block;
    };
    return { addresses, createdIn: { gateway: await createdIn('gateway'), stream: await createdIn('stream'), channel: await createdIn('channel') } };
  }
}

function nothingAt(contract: string, address: Hex): CodedError {
  return new CodedError('NOT_STREAM_CONTRACTS', 'There is no contract at this address.', { help: 'Check the address and the network.', meta: { contract, address } });
}

function creationMissing(contract: string, address: Hex): CodedError {
  return new CodedError('CREATION_NOT_FOUND', 'The transaction that made this contract was not found.', { help: `Without it the program cannot know that the contract is ours. The node must keep old states, or the contract must stand in the first or last ${SEARCHED_BLOCKS} blocks.`, meta: { contract, address, blocks: SEARCHED_BLOCKS.toString() } });
}
