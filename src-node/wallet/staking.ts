/** The RNode deposit (docs/protocol/09 §2). What the contract refuses is said before anything is signed. */
import { equal, type Bytes } from '../base/bytes.ts';
import { millis, seconds, toMillis, type Clock, type Millis } from '../base/clock.ts';
import { CodedError } from '../base/errors.ts';
import type { ChainReader } from '../chain/reader.ts';
import type { DraftProposal } from './proposals.ts';

/** Version that a member states when it joins (docs/protocol/02 §2). */
export const RNODE_VERSION = 2n;

export interface RnodeMember {
  readonly address: Bytes;
  readonly deposit: bigint;
  readonly lockedAt: Millis;
  readonly lockEndsAt: Millis;
}

export interface RnodeRegister {
  readonly contract: Bytes;
  readonly threshold: bigint;
  readonly lockMillis: Millis;
  readonly enabled: boolean;
  readonly members: readonly RnodeMember[];
}

/** Encoders and decoders of the contract; `contracts/` has them, the composition root passes them. */
export interface RnodeCodec {
  readonly reads: Readonly<Record<'period' | 'rnodeThreshold' | 'enabled' | 'getRnodes', Bytes>>;
  readonly participant: (address: Bytes) => Bytes;
  readonly joinRnode: (version: bigint) => Bytes;
  readonly quitRnode: () => Bytes;
  readonly decodeUint: (data: Bytes) => bigint;
  readonly decodeAddresses: (data: Bytes) => readonly Bytes[];
  readonly decodeParticipant: (data: Bytes) => { readonly deposit: bigint; readonly lockedAtSeconds: bigint };
}

export class Staking {
  readonly #contract: Bytes | null;
  readonly #reader: ChainReader;
  readonly #codec: RnodeCodec;
  readonly #clock: Clock;

  constructor(options: { readonly contract: Bytes | null }, modules: { readonly reader: ChainReader; readonly codec: RnodeCodec; readonly clock: Clock }) {
    this.#contract = options.contract;
    this.#reader = modules.reader;
    this.#codec = modules.codec;
    this.#clock = modules.clock;
  }

  /** Null where the network has no such contract. */
  async register(): Promise<RnodeRegister | null> {
    const contract = this.#contract;
    if (contract === null || (await this.#reader.codeOf(contract)).length === 0) return null;
    const { reads, decodeUint, decodeAddresses } = this.#codec;
    const [period, threshold, enabled, list] = await Promise.all([reads.period, reads.rnodeThreshold, reads.enabled, reads.getRnodes].map((data) => this.#read(contract, data)));
    if (period === undefined || threshold === undefined || enabled === undefined || list === undefined) return null;
    const lockMillis = toMillis(seconds(Number(decodeUint(period))));
    const members = await Promise.all(decodeAddresses(list).map((address) => this.#member(contract, address, lockMillis)));
    return { contract, threshold: decodeUint(threshold), lockMillis, enabled: decodeUint(enabled) !== 0n, members };
  }

  /** @throws ALREADY_RNODE, NO_RNODE_CONTRACT, RNODE_CLOSED */
  async draftJoin(account: Bytes): Promise<DraftProposal> {
    const register = await this.#known();
    if (register.members.some(({ address }) => equal(address, account))) throw new CodedError('ALREADY_RNODE', 'This account is an RNode already.', { help: 'One account holds one deposit; choose another account for a second one.' });
    if (!register.enabled) throw new CodedError('RNODE_CLOSED', 'The register takes no new deposits now; its owner has closed it.');
    return { kind: 'rnode-join', title: '', account, calls: [{ to: register.contract, value: register.threshold, payload: this.#codec.joinRnode(RNODE_VERSION) }], subject: null, permissions: [] };
  }

  /** @throws NOT_RNODE, LOCK_NOT_OVER, NO_RNODE_CONTRACT */
  async draftQuit(account: Bytes): Promise<DraftProposal> {
    const register = await this.#known();
    const member = register.members.find(({ address }) => equal(address, account));
    if (member === undefined) throw new CodedError('NOT_RNODE', 'This account has no deposit in the register.');
    if (this.#now() < member.lockEndsAt) throw new CodedError('LOCK_NOT_OVER', 'The deposit is still locked.', { help: 'It can be taken back when the lock has ended.', meta: { lockEndsAt: member.lockEndsAt } });
    return { kind: 'rnode-quit', title: '', account, calls: [{ to: register.contract, value: 0n, payload: this.#codec.quitRnode() }], subject: null, permissions: [] };
  }

  /** The chain's clock where there is one: the contract compares with the block, not with this machine. */
  #now(): Millis {
    return this.#reader.head()?.timeMillis ?? this.#clock.now();
  }

  async #known(): Promise<RnodeRegister> {
    const register = await this.register();
    if (register === null) throw new CodedError('NO_RNODE_CONTRACT', 'This network has no RNode register.', { help: 'Choose another network.' });
    return register;
  }

  async #member(contract: Bytes, address: Bytes, lockMillis: Millis): Promise<RnodeMember> {
    const { deposit, lockedAtSeconds } = this.#codec.decodeParticipant(await this.#read(contract, this.#codec.participant(address)));
    const lockedAt = toMillis(seconds(Number(lockedAtSeconds)));
    return { address, deposit, lockedAt, lockEndsAt: millis(lockedAt + lockMillis) };
  }

  async #read(contract: Bytes, data: Bytes): Promise<Bytes> {
    const outcome = await this.#reader.call({ from: new Uint8Array(20), to: contract, data, value: 0n });
    if (!outcome.ok) throw new CodedError('BAD_ANSWER', 'The RNode register does not answer as it should.', { help: 'Check the network in Settings.' });
    return outcome.data;
  }
}
