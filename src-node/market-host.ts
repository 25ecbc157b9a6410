/** The market of a network, over the contracts where it is. */
import { join } from 'node:path';
import { toHex, type Hex } from './base/bytes.ts';
import type { Millis } from './base/clock.ts';
import { CodedError } from './base/errors.ts';
import type { MarketServices } from './api/services.ts';
import type { ChainReader } from './chain/reader.ts';
import { ContractHost, type ContractRecord } from './contract-host.ts';
import type { MarketContract } from './contracts/artifacts.ts';
import { marketAddresses, marketDeployment, type MarketAddresses } from './contracts/deploy.ts';
import { marketParameters, type MarketKind } from './contracts/market-parameters.ts';
import { verifyDeployment } from './contracts/verify-deployment.ts';
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

/** On the practice network buyers run on the seller's machine. */
const WANTED_PLACES: Readonly<Record<MarketKind, number>> = { practice: 0, standard: 2 };

export class MarketHost extends ContractHost<MarketContract, Market> implements MarketServices {
  readonly #connectors: readonly Connector[];

  constructor(options: MarketHostOptions, modules: MarketHostModules) {
    const { kind, periodMillis, folder } = options;
    const { reader, connectors } = modules;
    super({ ...options, names: ['fraud', 'listings', 'escrow'], topic: 'market', deployKind: 'deploy-market' }, {
      ...modules,
      onStarted: () => modules.onChange('market'),
      missing: nothingAt,
      addressesOf: marketAddresses,
      deployment: (deployer) => marketDeployment({ ...deployer, parameters: marketParameters(kind, { chainId: reader.chainId, genesisHash: toHex(reader.genesisHash), periodMillis }) }),
      check: async (record: ContractRecord<MarketContract>, firstBlock) => {
        const { addresses } = record;
        const contracts = { addresses, parameters: await verifyDeployment(reader, record, periodMillis), periodMillis };
        const db = openMarketStore(join(folder, `market-${addresses.escrow.slice(2, 12)}.sqlite`));
        return { db, begin: () => new Market({ folder, firstBlock, wantedPlaces: WANTED_PLACES[kind] }, { ...modules, db, contracts, places: connectors }) };
      },
    });
    this.#connectors = connectors;
  }

  readonly places: MarketServices['places'] = async (chosen) =>
    Promise.all(
      this.#connectors.map(async (connector) => {
        const test = await connector.test();
        return { id: connector.scheme, label: connector.scheme === 'ipfs' ? 'IPFS' : 'Folder', chosen: chosen.includes(connector.scheme), outside: isOutside(connector.scheme), tested: test.ok, problem: test.problem };
      }),
    );

  readonly holdings: MarketServices['holdings'] = (account) => this.current()?.holdings(account) ?? { inEscrow: 0n, inBonds: 0n };
}

function nothingAt(contract: string, address: Hex): CodedError {
  return new CodedError('NOT_A_MARKET', 'There is no contract at this address.', { help: 'Check the address and the network.', meta: { reason: 'empty', contract, address } });
}
