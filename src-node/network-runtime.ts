/** Everything that runs for one chosen network: where blocks come from, the wallet on it, its market and its streams. Moved on by each head. */
import { join } from 'node:path';
import { fromHex, toHex, type Bytes } from './base/bytes.ts';
import { millis, type Clock } from './base/clock.ts';
import { CodedError, isCoded } from './base/errors.ts';
import { systemFiles } from './base/files.ts';
import type { Logger } from './base/logger.ts';
import type { NetworkName, Topic } from './api/contract/app.ts';
import type { ChainServices, NetworkServices } from './api/services.ts';
import type { ProfileStore } from './api/settings.ts';
import { callNames } from './call-names.ts';
import { practiceInfo, remoteInfo } from './chain-info.ts';
import type { ChainReader } from './chain/reader.ts';
import { marketAddresses, type MarketAddresses, type StreamAddresses } from './contracts/deploy.ts';
import { addressOf } from './crypto/secp256k1.ts';
import { explainRevert, gatewayKeys, grantMandate, marketKeys, marketSender, messageSigner, passwords, publishingKeys, readingKeys, streamKeys, transactionSigner } from './keys-adapters.ts';
import type { KeysPort } from './keys/calls.ts';
import { MarketHost } from './market-host.ts';
import type { PackagePool } from './market/pdp/pool.ts';
import { networkNamed } from './networks/network.ts';
import { PRACTICE_CHAIN_ID, practiceKeys } from './networks/practice.ts';
import type { Connector } from './otp/connector.ts';
import { openOldPracticeChain, startPracticeChain } from './practice-chain.ts';
import { wellKnownStreams } from './practice-streams.ts';
import { ProgramWallet } from './program-wallet.ts';
import { RegisterWatch } from './register-watch.ts';
import { AccessToken } from './rpc/access/access-token.ts';
import { RemoteReader } from './rpc/client/remote-reader.ts';
import type { RpcBackend } from './rpc/backend.ts';
import { RpcServer } from './rpc/rpc-server.ts';
import { ipcPath } from './rpc/transport/ipc-path.ts';
import type { WalletPort } from './rpc/wallet-port.ts';
import { StreamsHost } from './streams-host.ts';
import { textPlaces } from './text-places.ts';
import { Faucet } from './wallet/faucet.ts';
import { History } from './wallet/history.ts';
import { Labels } from './wallet/labels.ts';
import { Outbox } from './wallet/outbox.ts';
import { OutboxStore } from './wallet/outbox-store.ts';
import { ProgramRequests } from './wallet/program-requests.ts';
import { Proposals } from './wallet/proposals.ts';
import { Staking } from './wallet/staking.ts';
import { openWalletStore } from './wallet/store.ts';

export interface NetworkRuntimeOptions {
  readonly dataDir: string;
  readonly name: NetworkName;
  readonly remoteUrl: string | null;
  readonly version: string;
  /** Port of the JSON-RPC server on loopback; 0 lets the system choose. */
  readonly rpcPort: number;
  /** Pages of the web that may use JSON-RPC, by origin. Default: none. */
  readonly rpcOrigins?: readonly string[];
  /** The practice chain is of an older version and is only looked at. */
  readonly readOnly: boolean;
}

export interface NetworkRuntimeModules {
  readonly keys: KeysPort;
  readonly profile: ProfileStore;
  readonly connectors: readonly Connector[];
  readonly pool: PackagePool;
  readonly clock: Clock;
  readonly log: Logger;
  readonly changed: (topic: Topic) => void;
}

export interface NetworkRuntime {
  readonly services: NetworkServices;
  /** Moves everything on; called by each head and after the wallet was unlocked. */
  step(): void;
  close(): Promise<void>;
}

interface Source {
  readonly reader: ChainReader;
  readonly info: ChainServices;
  readonly faucetKey: Bytes | null;
  close(): Promise<void>;
}

/** Base units in the unit that gas prices are quoted in. */
const GIGA = 10n ** 9n;
/** Practice money that one account gets in all: enough for an RNode deposit and a market. */
const FAUCET_LIMIT = 250_000n * 10n ** 18n;

/** @throws OTHER_GENESIS, CHAIN_UNREACHABLE, REMOTE_WRONG_NETWORK, DATABASE_LOCKED … */
export async function startNetwork(options: NetworkRuntimeOptions, modules: NetworkRuntimeModules): Promise<NetworkRuntime> {
  const { keys, profile, clock, changed } = modules;
  const log = modules.log.child(options.name);
  const network = networkNamed(options.name);
  const programs = new ProgramWallet({ keys, changed });
  const source = options.remoteUrl === null ? await practiceSource(options, modules, log, programs) : await remoteSource(options.remoteUrl, options.name, modules, log);
  const { reader } = source;
  const folder = join(options.dataDir, options.name);
  const db = openWalletStore(join(folder, 'wallet.sqlite'));
  const accounts = await ownAccounts(keys);
  const outbox = new Outbox({
    store: new OutboxStore(db), reader, signer: transactionSigner(keys), clock, log: log.child('outbox'),
    onChange: () => {
      changed('activity');
      requests.settle();
    },
  });
  const proposals = new Proposals({ reader, outbox, clock, explain: explainRevert, grant: (proposal, permission) => grantMandate(keys, reader.chainId, proposal, permission) });
  const requests = new ProgramRequests({ proposals, outbox, reader, signer: messageSigner(keys), clock, onChange: () => changed('requests') });
  const history = new History({ firstBlock: options.name === 'practice' ? 0n : (reader.head()?.number ?? 0n) }, { db, reader, accounts: () => accounts.current });
  const rnode = network.contracts.rnode ?? null;
  const register = new RegisterWatch({ contract: rnode }, { reader });
  const sender = marketSender(outbox, reader, clock);
  const place = { folder, kind: options.name === 'practice' ? 'practice' : 'standard', periodMillis: network.dpor.periodMillis } as const;
  const host = new MarketHost(
    { ...place, wellKnown: wellKnownMarket(network.chainId), saved: savedMarket(profile, options.name) },
    {
      reader, connectors: modules.connectors, outbox, clock, log: log.child('market'), pool: modules.pool, files: systemFiles, keys: marketKeys(keys), sender,
      confirmsAutomatically: () => profile.current.settings.confirmAutomatically,
      maxGasPrice: () => BigInt(profile.current.settings.deliveryMaxGwei) * GIGA,
      onChange: changed,
      save: (addresses) => profile.change({ contracts: { ...profile.current.contracts, [options.name]: { fraud: addresses.fraud, listing: addresses.listings, escrow: addresses.escrow, createdBlock: 0 } } }),
    },
  );
  const streams = new StreamsHost(
    { ...place, wellKnown: wellKnownStreams(network.chainId), saved: savedStreams(profile, options.name) },
    {
      reader, outbox, clock, log: log.child('streams'), keys: streamKeys(keys), gatewayKeys: gatewayKeys(keys), readingKeys: readingKeys(keys), publishingKeys: publishingKeys(keys), passwords: passwords(keys), files: systemFiles, actions: sender, texts: textPlaces(modules.connectors),
      onChange: changed,
      save: (addresses) => profile.change({ streamContracts: { ...profile.current.streamContracts, [options.name]: addresses } }),
    },
  );
  const services: NetworkServices = {
    name: options.name,
    reader,
    chain: source.info,
    wallet: {
      outbox, proposals, requests, history, labels: new Labels(db), staking: new Staking({ contract: rnode }, { reader, clock }),
      faucet: source.faucetKey === null ? null : new Faucet({ key: source.faucetKey, limit: FAUCET_LIMIT }, { reader, db }),
      names: callNames({ rnode, market: () => host.current()?.contracts.addresses ?? null, streams: () => streams.current()?.contracts.addresses ?? null, isDelivery: (address) => host.current()?.deliveries.knows(toHex(address)) ?? false }),
    },
    market: host,
    streams,
  };
  programs.open(services.wallet);
  const abort = new AbortController();
  const stepper = new Stepper(async () => {
    await accounts.refresh();
    await outbox.step();
    await host.step();
    await streams.step();
    if (await history.follow(abort.signal)) changed('wallet');
    if (await register.moved()) changed('rnode');
  }, log);
  const stopListening = reader.onHead(() => {
    changed('node');
    stepper.ask();
  });
  stepper.ask();
  return {
    services,
    step: () => stepper.ask(),
    close: async () => {
      stopListening();
      abort.abort();
      await stepper.close();
      await host.close();
      await streams.close();
      await source.close();
      db.close();
    },
  };
}

/** One step at a time; asked for while one runs, it runs once more. A failing step is reported and the next head tries again. */
class Stepper {
  readonly #work: () => Promise<void>;
  readonly #log: Logger;
  #running: Promise<void> | null = null;
  #asked = false;
  #closed = false;

  constructor(work: () => Promise<void>, log: Logger) {
    this.#work = work;
    this.#log = log;
  }

  ask(): void {
    this.#asked = true;
    if (!this.#closed) this.#running ??= this.#run().finally(() => (this.#running = null));
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#asked && !this.#closed) {
      this.#asked = false;
      try {
        await this.#work();
      } catch (error) {
        this.#log.error('a step failed; the next block tries again', {}, error);
      }
    }
  }
}

async function ownAccounts(keys: KeysPort): Promise<{ readonly current: readonly Bytes[]; refresh(): Promise<void> }> {
  const read = async (): Promise<readonly Bytes[]> => (await keys.call('status', {})).accounts.map(({ address }) => fromHex(address));
  let list = await read();
  return {
    get current() {
      return list;
    },
    refresh: async () => void (list = await read()),
  };
}

async function practiceSource(options: NetworkRuntimeOptions, { clock }: NetworkRuntimeModules, log: Logger, wallet: WalletPort): Promise<Source> {
  if (options.readOnly) {
    const old = await openOldPracticeChain({ dataDir: options.dataDir }, { clock, log });
    return { reader: old.reader, info: practiceInfo(old, null), faucetKey: null, close: () => old.close() };
  }
  const practice = await startPracticeChain({ dataDir: options.dataDir }, { clock, log });
  const { chain, database, pool, reader, gasPrice } = practice;
  const node = { clientVersion: `cpchain-desktop/v${options.version}/${process.platform}-${process.arch}`, peerCount: () => 0, isListening: () => false, isSealing: () => true, syncProgress: () => null };
  const rpc = await startRpc(options, { chain, database, pool, node, wallet, gasPrice, dataDir: options.dataDir, clock, logger: log.child('rpc') }).catch(async (error: unknown) => {
    await practice.close(); // its folder may be opened again
    throw error;
  });
  return {
    reader,
    info: practiceInfo(practice, rpc),
    faucetKey: practice.faucetKey,
    close: async () => {
      await rpc.close();
      await practice.close();
    },
  };
}

/** Without its socket it is reached over HTTP and WebSocket all the same: a folder's path may be too long for one. */
async function startRpc({ rpcPort: port, rpcOrigins: origins = [], dataDir }: NetworkRuntimeOptions, backend: RpcBackend): Promise<RpcServer> {
  const token = await openToken(dataDir, backend.logger);
  const options = { port, origins, ...(token === undefined ? {} : { token }) };
  try {
    return await RpcServer.start({ ...options, ipcPath: ipcPath(dataDir) }, backend);
  } catch (error) {
    if (!isCoded(error, 'IPC_FAILED') && !isCoded(error, 'IPC_TAKEN')) throw error;
    backend.logger.warn('JSON-RPC has no socket', { code: error.code });
    return RpcServer.start(options, backend);
  }
}

/** Undefined when its file cannot be used: nobody is authorised by a token then, and the wallet opens all the same. */
async function openToken(dataDir: string, logger: Logger): Promise<AccessToken | undefined> {
  try {
    return await AccessToken.open(join(dataDir, 'rpc-token'), systemFiles);
  } catch (error) {
    if (!isCoded(error)) throw error;
    logger.warn('JSON-RPC has no token', { code: error.code });
    return undefined;
  }
}

async function remoteSource(url: string, name: NetworkName, { clock }: NetworkRuntimeModules, log: Logger): Promise<Source> {
  const network = networkNamed(name);
  const reader = await RemoteReader.connect({ url });
  if (reader.chainId !== network.chainId) {
    throw new CodedError('REMOTE_WRONG_NETWORK', `The node at this address is on chain ${reader.chainId}, not on ${network.chainId}.`, { help: 'Enter the address of a node of the chosen network.', meta: { chainId: reader.chainId.toString() } });
  }
  const abort = new AbortController();
  const polling = reader.poll({ pollMillis: millis(Math.min(network.dpor.periodMillis / 2, 2000)) }, { clock, log }, abort.signal);
  return {
    reader,
    info: remoteInfo(reader, network, url),
    faucetKey: network.chainId === PRACTICE_CHAIN_ID ? practiceKeys(network.chainId).faucet : null,
    close: async () => {
      abort.abort();
      await polling;
    },
  };
}

function wellKnownMarket(chainId: bigint): MarketAddresses | null {
  return chainId === PRACTICE_CHAIN_ID ? marketAddresses({ deployer: toHex(addressOf(practiceKeys(chainId).faucet)), nonce: 0n }) : null;
}

function savedMarket(profile: ProfileStore, name: NetworkName): MarketAddresses | null {
  const saved = profile.current.contracts[name];
  const hex = (text: string): `0x${string}` => toHex(fromHex(text));
  return saved === undefined ? null : { fraud: hex(saved.fraud), listings: hex(saved.listing), escrow: hex(saved.escrow) };
}

function savedStreams(profile: ProfileStore, name: NetworkName): StreamAddresses | null {
  const saved = profile.current.streamContracts[name];
  const hex = (text: string): `0x${string}` => toHex(fromHex(text));
  return saved === undefined ? null : { stream: hex(saved.stream), channel: hex(saved.channel), gateway: hex(saved.gateway) };
}
