/** Finds, checks and starts the market of a network, and starts it again when the user names another. */
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { fromHex, toHex, type Bytes, type Hex } from './base/bytes.ts';
import type { Millis } from './base/clock.ts';
import { CodedError, isCoded } from './base/errors.ts';
import type { MarketServices } from './api/services.ts';
import type { ChainReader } from './chain/reader.ts';
import { DEPLOYMENT_GAS, marketAddresses, marketDeployment, type MarketAddresses } from './contracts/deploy.ts';
import { marketParameters, type MarketKind } from './contracts/market-parameters.ts';
import { verifyDeployment, type MarketRecord } from './contracts/verify-deployment.ts';
import { creationBlock, SEARCHED_BLOCKS } from './market/creation-block.ts';
import { Market, type MarketModules } from './market/market.ts';
import { isOutside } from './market/pdp/locator.ts';
import { openMarketStore } from './market/store.ts';
import type { Connector } from './otp/connector.ts';
import type { Outbox } from './wallet/outbox.ts';

export interface MarketHostOptions {
  /** Folder of this network's data. */
  readonly folder: string;
  readonly kind: MarketKind;
  readonly periodMillis: Millis;
  /** Where every network of this kind has its market, or null. */
  readonly wellKnown: MarketAddresses | null;
  /** What the user chose before. */
  readonly saved: MarketAddresses | null;
}

export interface MarketHostModules extends Omit<MarketModules, 'db' | 'contracts' | 'places'> {
  readonly reader: ChainReader;
  readonly connectors: readonly Connector[];
  readonly outbox: Outbox;
  readonly save: (addresses: MarketAddresses) => Promise<void>;
}

const CONTRACTS = ['fraud', 'listings', 'escrow'] as const;
const DEPLOY_ID = 'deploy-market';
/** On the practice network buyers run on the seller's machine. */
const WANTED_PLACES: Readonly<Record<MarketKind, number>> = { practice: 0, standard: 2 };

export class MarketHost implements MarketServices {
  readonly #options: MarketHostOptions;
  readonly #modules: MarketHostModules;
  #current: Market | null = null;
  #db: DatabaseSync | null = null;
  #starting: Promise<void> | null = null;
  /** While the user's choice replaces the market, no step starts the old one again beside it. */
  #changing: Promise<void> | null = null;
  #closed = false;

  constructor(options: MarketHostOptions, modules: MarketHostModules) {
    this.#options = options;
    this.#modules = modules;
  }

  readonly current = (): Market | null => this.#current;

  readonly isDeploying = (): boolean => this.#options.wellKnown !== null || this.#deployedByUser() !== null;

  /** Starts the market as soon as its contracts are on the chain; then moves it on. */
  async step(): Promise<void> {
    if (this.#closed) return;
    if (this.#changing !== null) return this.#changing;
    if (this.#current !== null) return this.#current.step();
    const addresses = this.#options.saved ?? this.#options.wellKnown ?? this.#deployedByUser();
    if (addresses === null) return;
    this.#starting ??= this.#start(addresses)
      .catch((error: unknown) => {
        if (!isCoded(error)) throw error;
        this.#modules.log.info('market not started', { code: error.code });
      })
      .finally(() => (this.#starting = null));
    await this.#starting;
  }

  readonly use = async (addresses: MarketAddresses): Promise<void> => {
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

  async #change(addresses: MarketAddresses): Promise<void> {
    await this.#stop();
    if (this.#closed) return;
    await this.#start(addresses);
    await this.#modules.save(addresses);
  }

  readonly draftDeployment = async (from: Bytes): ReturnType<MarketServices['draftDeployment']> => {
    const { reader } = this.#modules;
    const { kind, periodMillis } = this.#options;
    const nonce = await reader.nonceOf(from);
    const parameters = marketParameters(kind, { chainId: reader.chainId, genesisHash: toHex(reader.genesisHash), periodMillis });
    const deployments = marketDeployment({ deployer: toHex(from), nonce, parameters });
    // The later two check the earlier ones, which are not on the chain yet: their gas cannot be simulated.
    return { id: `${DEPLOY_ID}:${toHex(from)}:${nonce}`, kind: 'deploy-market', title: '', account: from, calls: deployments.map(({ data }) => ({ to: null, value: 0n, payload: data, gasLimit: DEPLOYMENT_GAS })), subject: null, permissions: [] };
  };

  readonly places: MarketServices['places'] = async (chosen) =>
    Promise.all(
      this.#modules.connectors.map(async (connector) => {
        const test = await connector.test();
        return { id: connector.scheme, label: connector.scheme === 'ipfs' ? 'IPFS' : 'Folder', chosen: chosen.includes(connector.scheme), outside: isOutside(connector.scheme), tested: test.ok, problem: test.problem };
      }),
    );

  readonly holdings: MarketServices['holdings'] = (account) => this.#current?.holdings(account) ?? { inEscrow: 0n, inBonds: 0n };

  async close(): Promise<void> {
    this.#closed = true;
    await this.#settled();
    await this.#stop();
  }

  /** Where a finished deployment of this wallet stands. */
  #deployedByUser(): MarketAddresses | null {
    const action = this.#modules.outbox.list(50).find(({ kind, error }) => kind === 'deploy-market' && error === null);
    const first = action?.entries[0];
    return action === undefined || first === undefined ? null : marketAddresses({ deployer: toHex(action.account), nonce: first.nonce });
  }

  async #start(addresses: MarketAddresses): Promise<void> {
    const { reader, connectors, save } = this.#modules;
    const record = await this.#locate(addresses);
    const parameters = await verifyDeployment(reader, record, this.#options.periodMillis);
    const db = openMarketStore(join(this.#options.folder, `market-${addresses.escrow.slice(2, 12)}.sqlite`));
    const firstBlock = CONTRACTS.map((name) => record.createdIn[name]).reduce((least, block) => (block < least ? block : least));
    const contracts = { addresses, parameters, periodMillis: this.#options.periodMillis };
    this.#db = db;
    this.#current = new Market({ folder: this.#options.folder, firstBlock, wantedPlaces: WANTED_PLACES[this.#options.kind] }, { ...this.#modules, db, contracts, places: connectors });
    if (this.#options.wellKnown === null) await save(addresses);
    this.#modules.onChange('market');
    await this.#current.step();
  }

  /** Blocks that created the three contracts: an address alone is not enough. @throws NOT_A_MARKET, CREATION_NOT_FOUND; `meta.contract` names the one */
  async #locate(addresses: MarketAddresses): Promise<MarketRecord> {
    const { reader } = this.#modules;
    const createdIn = async (name: (typeof CONTRACTS)[number]): Promise<bigint> => {
      const contract = fromHex(addresses[name]);
      if ((await reader.codeOf(contract)).length === 0) throw nothingAt(name, addresses[name]);
      const block = await creationBlock(reader, contract);
      if (block === null) throw creationMissing(name, addresses[name]);
      return block;
    };
    return { addresses, createdIn: { fraud: await createdIn('fraud'), listings: await createdIn('listings'), escrow: await createdIn('escrow') } };
  }

  async #stop(): Promise<void> {
    await this.#current?.close();
    this.#current = null;
    this.#db?.close();
    this.#db = null;
  }
}

function nothingAt(contract: string, address: Hex): CodedError {
  return new CodedError('NOT_A_MARKET', 'There is no contract at this address.', { help: 'Check the address and the network.', meta: { reason: 'empty', contract, address } });
}

function creationMissing(contract: string, address: Hex): CodedError {
  return new CodedError('CREATION_NOT_FOUND', 'The transaction that made this contract was not found.', { help: `Without it the program cannot know that the contract is ours. The node must keep old states, or the contract must stand in the first or last ${SEARCHED_BLOCKS} blocks.`, meta: { contract, address, blocks: SEARCHED_BLOCKS.toString() } });
}
