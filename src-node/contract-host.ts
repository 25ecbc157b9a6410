/**
 * Finds, checks and starts what stands in contracts of a network, and starts it again when the user names others. The market and the streams
 * of a network are each held by one.
 */
import type { DatabaseSync } from 'node:sqlite';
import { fromHex, toHex, type Bytes, type Hex } from './base/bytes.ts';
import { CodedError, isCoded } from './base/errors.ts';
import type { Logger } from './base/logger.ts';
import type { ChainReader } from './chain/reader.ts';
import { DEPLOYMENT_GAS } from './contracts/deploy.ts';
import { creationBlock, SEARCHED_BLOCKS } from './market/creation-block.ts';
import type { Outbox } from './wallet/outbox.ts';
import type { DraftProposal } from './wallet/proposals.ts';

type Addresses<Name extends string> = Readonly<Record<Name, Hex>>;

/** Where contracts stand, and the numbers of the blocks that created them: an address alone is not enough. */
export interface ContractRecord<Name extends string> {
  readonly addresses: Addresses<Name>;
  readonly createdIn: Readonly<Record<Name, bigint>>;
}

/** What runs over the contracts. */
export interface HostedService {
  step(): Promise<void>;
  close(): Promise<void>;
}

export interface ContractHostOptions<Name extends string> {
  /** In the order of their deployment. */
  readonly names: readonly [Name, Name, Name];
  readonly topic: 'market' | 'streams';
  readonly deployKind: 'deploy-market' | 'deploy-streams';
  /** Where every network of this kind has them, or null. */
  readonly wellKnown: Addresses<Name> | null;
  /** What the user chose or deployed before. */
  readonly saved: Addresses<Name> | null;
}

export interface ContractHostModules<Name extends string, Service extends HostedService> {
  readonly reader: ChainReader;
  readonly outbox: Outbox;
  readonly log: Logger;
  readonly save: (addresses: Addresses<Name>) => Promise<void>;
  readonly onStarted: () => void;
  readonly addressesOf: (deployer: { readonly deployer: Hex; readonly nonce: bigint }) => Addresses<Name>;
  readonly deployment: (deployer: { readonly deployer: Hex; readonly nonce: bigint }) => readonly { readonly data: Bytes }[];
  /** Nothing stands at this address. */
  readonly missing: (name: Name, address: Hex) => CodedError;
  /** @throws when they are not ours; else their database is open, and they can begin over it */
  readonly check: (record: ContractRecord<Name>, firstBlock: bigint) => Promise<{ readonly db: DatabaseSync; readonly begin: () => Service }>;
}

export class ContractHost<Name extends string, Service extends HostedService> {
  readonly #options: ContractHostOptions<Name>;
  readonly #modules: ContractHostModules<Name, Service>;
  #current: Service | null = null;
  #db: DatabaseSync | null = null;
  #starting: Promise<void> | null = null;
  /** While the user's choice replaces them, no step starts the old ones again beside it. */
  #changing: Promise<void> | null = null;
  #closed = false;

  constructor(options: ContractHostOptions<Name>, modules: ContractHostModules<Name, Service>) {
    this.#options = options;
    this.#modules = modules;
  }

  readonly current = (): Service | null => this.#current;

  readonly isDeploying = (): boolean => this.#options.wellKnown !== null || this.#deployedByUser() !== null;

  /** Starts as soon as the contracts are on the chain; then moves it on. */
  async step(): Promise<void> {
    if (this.#closed) return;
    if (this.#changing !== null) return this.#changing;
    if (this.#current !== null) return this.#current.step();
    const addresses = this.#options.saved ?? this.#options.wellKnown ?? this.#deployedByUser();
    if (addresses === null) return;
    this.#starting ??= this.#start(addresses)
      .catch((error: unknown) => {
        if (!isCoded(error)) throw error;
        this.#modules.log.info(`${this.#options.topic} not started`, { code: error.code });
      })
      .finally(() => (this.#starting = null));
    await this.#starting;
  }

  readonly use = async (addresses: Addresses<Name>): Promise<void> => {
    const change = this.#settled().then(() => this.#change(addresses));
    const ended = change.catch(() => undefined).then(() => {
      if (this.#changing === ended) this.#changing = null;
    });
    this.#changing = ended;
    await change;
  };

  readonly draftDeployment = async (from: Bytes): Promise<DraftProposal> => {
    const { reader, deployment } = this.#modules;
    const { deployKind } = this.#options;
    const nonce = await reader.nonceOf(from);
    const deployments = deployment({ deployer: toHex(from), nonce });
    // The later two check the earlier ones, which are not on the chain yet: their gas cannot be simulated.
    return { id: `${deployKind}:${toHex(from)}:${nonce}`, kind: deployKind, title: '', account: from, calls: deployments.map(({ data }) => ({ to: null, value: 0n, payload: data, gasLimit: DEPLOYMENT_GAS })), subject: null, permissions: [] };
  };

  async close(): Promise<void> {
    this.#closed = true;
    await this.#settled();
    await this.#stop();
  }

  async #settled(): Promise<void> {
    await this.#changing;
    await this.#starting;
  }

  async #change(addresses: Addresses<Name>): Promise<void> {
    await this.#stop();
    if (this.#closed) return;
    await this.#start(addresses);
    await this.#modules.save(addresses);
  }

  /** Where a finished deployment of this wallet stands. */
  #deployedByUser(): Addresses<Name> | null {
    const action = this.#modules.outbox.list(50).find(({ kind, error }) => kind === this.#options.deployKind && error === null);
    const first = action?.entries[0];
    return action === undefined || first === undefined ? null : this.#modules.addressesOf({ deployer: toHex(action.account), nonce: first.nonce });
  }

  async #start(addresses: Addresses<Name>): Promise<void> {
    const { check, save, onStarted } = this.#modules;
    const { names, wellKnown } = this.#options;
    const record = await this.#locate(addresses);
    const firstBlock = names.map((name) => record.createdIn[name]).reduce((least, block) => (block < least ? block : least));
    const { db, begin } = await check(record, firstBlock);
    this.#db = db;
    this.#current = begin();
    if (wellKnown === null) await save(addresses);
    onStarted();
    await this.#current.step();
  }

  async #stop(): Promise<void> {
    await this.#current?.close();
    this.#current = null;
    this.#db?.close();
    this.#db = null;
  }

  /** @throws what is missing, CREATION_NOT_FOUND; `meta.contract` names the one */
  async #locate(addresses: Addresses<Name>): Promise<ContractRecord<Name>> {
    const { reader, missing } = this.#modules;
    const created: [Name, bigint][] = [];
    for (const name of this.#options.names) {
      const contract = fromHex(addresses[name]);
      if ((await reader.codeOf(contract)).length === 0) throw missing(name, addresses[name]);
      const block = await creationBlock(reader, contract);
      if (block === null) throw creationMissing(name, addresses[name]);
      created.push([name, block]);
    }
    return { addresses, createdIn: Object.fromEntries(created) as Record<Name, bigint> };
  }
}

function creationMissing(contract: string, address: Hex): CodedError {
  return new CodedError('CREATION_NOT_FOUND', 'The transaction that made this contract was not found.', { help: `Without it the program cannot know that the contract is ours. The node must keep old states, or the contract must stand in the first or last ${SEARCHED_BLOCKS} blocks.`, meta: { contract, address, blocks: SEARCHED_BLOCKS.toString() } });
}
