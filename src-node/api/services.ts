/** What the procedures work on. The composition root builds it; procedures only translate. */
import type { Bytes } from '../base/bytes.ts';
import type { Clock } from '../base/clock.ts';
import type { ChainReader } from '../chain/reader.ts';
import type { MarketAddresses, StreamAddresses } from '../contracts/deploy.ts';
import type { MarketKind } from '../contracts/market-parameters.ts';
import type { KeysPort } from '../keys/calls.ts';
import type { Market } from '../market/market.ts';
import type { Locator } from '../market/pdp/locator.ts';
import type { StreamsRuntime } from '../streams/streams-runtime.ts';
import type { Faucet } from '../wallet/faucet.ts';
import type { History } from '../wallet/history.ts';
import type { Labels } from '../wallet/labels.ts';
import type { Outbox } from '../wallet/outbox.ts';
import type { ProgramRequests } from '../wallet/program-requests.ts';
import type { DraftProposal, Proposals } from '../wallet/proposals.ts';
import type { Staking } from '../wallet/staking.ts';
import type { AppStatus, Diagnostics, NetworkName, Topic } from './contract/app.ts';
import type { BlockView, NodeView } from './contract/node.ts';
import type { DraftView } from './contract/publish.ts';
import type { ProfileStore } from './settings.ts';

/** Names of contracts and methods that the program knows, for ledger and sheets. */
export interface CallNames {
  readonly contractOf: (address: Bytes) => string | null;
  /** Whether it is a delivery account of this wallet. */
  readonly isDelivery: (address: Bytes) => boolean;
  readonly methodOf: (address: Bytes, selector: Bytes) => string | null;
  /** What a call of a known contract passes to the method, or null when it is none of its calls. */
  readonly argumentsOf: (address: Bytes, payload: Bytes) => readonly { readonly name: string; readonly value: string }[] | null;
}

export interface WalletServices {
  readonly outbox: Outbox;
  readonly proposals: Proposals;
  readonly requests: ProgramRequests;
  readonly history: History;
  readonly labels: Labels;
  readonly staking: Staking;
  readonly faucet: Faucet | null;
  readonly names: CallNames;
}

export interface ChainServices {
  readonly state: () => NodeView;
  readonly blocks: (limit: number) => Promise<readonly BlockView[]>;
}

export interface MarketServices {
  /** Null while the network has no contracts that the program knows. */
  readonly current: () => Market | null;
  readonly isDeploying: () => boolean;
  readonly draftDeployment: (from: Bytes) => Promise<DraftProposal>;
  /** Takes contracts after checking them. @throws NOT_A_MARKET, OTHER_CHAIN_MARKET, MIXED_MARKET */
  readonly use: (addresses: MarketAddresses) => Promise<void>;
  /** The storage places with their last test, and which of them are chosen. */
  readonly places: (chosen: readonly Locator['scheme'][]) => Promise<DraftView['places']>;
  /** Price of open orders, and bonds. */
  readonly holdings: (account: Bytes) => { readonly inEscrow: bigint; readonly inBonds: bigint };
}

export interface StreamServices {
  readonly kind: MarketKind;
  /** Null while the network has no contracts of streams that the program knows. */
  readonly current: () => StreamsRuntime | null;
  readonly isDeploying: () => boolean;
  readonly draftDeployment: (from: Bytes) => Promise<DraftProposal>;
  /** Takes contracts after checking them. @throws NOT_STREAM_CONTRACTS, OTHER_CHAIN_STREAMS, MIXED_STREAM_CONTRACTS, CREATION_NOT_FOUND */
  readonly use: (addresses: StreamAddresses) => Promise<void>;
}

/** Everything that belongs to the chosen network. */
export interface NetworkServices {
  readonly name: NetworkName;
  readonly reader: ChainReader;
  readonly chain: ChainServices;
  readonly wallet: WalletServices;
  readonly market: MarketServices;
  readonly streams: StreamServices;
}

export interface Services {
  readonly clock: Clock;
  readonly profile: ProfileStore;
  readonly keys: KeysPort;
  readonly carrier: AppStatus['carrier'];
  readonly version: string;
  /** @throws NO_NETWORK before one is chosen */
  readonly network: () => NetworkServices;
  /** Whether one is chosen and running. */
  readonly hasNetwork: () => boolean;
  /** @throws REMOTE_UNREACHABLE, REMOTE_WRONG_NETWORK */
  readonly chooseNetwork: (name: NetworkName, remoteUrl: string | null) => Promise<void>;
  readonly question: () => AppStatus['question'];
  /** @throws NO_QUESTION */
  readonly answerOldChain: (keep: boolean) => Promise<void>;
  readonly diagnostics: () => Promise<Diagnostics>;
  /** Something changed that the window shows. */
  readonly changed: (topic: Topic) => void;
  readonly changes: (signal: AbortSignal | undefined) => AsyncGenerator<{ readonly topics: readonly Topic[] }>;
  /** Moves wallet and market on: after an unlock, what waited for it goes out. */
  readonly step: () => void;
}
