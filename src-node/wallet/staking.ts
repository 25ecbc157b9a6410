/** The RNode deposit (docs/protocol/09 §2). What the contract refuses is said before anything is signed. */
import { equal, fromHex, type Bytes, type Hex } from '../base/bytes.ts';
import { millis, seconds, toMillis, type Clock, type Millis } from '../base/clock.ts';
import { CodedError } from '../base/errors.ts';
import type { ChainReader } from '../chain/reader.ts';
import * as rnode from '../contracts/bindings/rnode.gen.ts';
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

export class Staking {
  readonly #contract: Bytes | null;
  readonly #reader: ChainReader;
  readonly #clock: Clock;

  constructor(options: { readonly contract: Bytes | null }, modules: { readonly reader: ChainReader; readonly clock: Clock }) {
    this.#contract = options.contract;
    this.#reader = modules.reader;
    this.#clock = modules.clock;
  }

  /** Null where the network has no such contract. */
  async register(): Promise<RnodeRegister | null> {
    const contract = this.#contract;
    if (contract === null || (await this.#reader.codeOf(contract)).length === 0) return null;
    const [period, threshold, isEnabled, list] = await Promise.all([
      this.#read(contract, rnode.encodePeriod()),
      this.#read(contract, rnode.encodeRnodeThreshold()),
      this.#read(contract, rnode.encodeEnabled()),
      this.#read(contract, rnode.encodeGetRnodes()),
    ]);
    const lockMillis = toMillis(seconds(Number(rnode.decodePeriodResult(period))));
    const members = await Promise.all(rnode.decodeGetRnodesResult(list).map((address) => this.#member(contract, address, lockMillis)));
    return { contract, threshold: rnode.decodeRnodeThresholdResult(threshold), lockMillis, enabled: rnode.decodeEnabledResult(isEnabled), members };
  }

  /** @throws ALREADY_RNODE, NO_RNODE_CONTRACT, RNODE_CLOSED */
  async draftJoin(account: Bytes): Promise<DraftProposal> {
    const register = await this.#known();
    if (register.members.some(({ address }) => equal(address, account))) throw new CodedError('ALREADY_RNODE', 'This account is an RNode already.', { help: 'One account holds one deposit; choose another account for a second one.' });
    if (!register.enabled) throw new CodedError('RNODE_CLOSED', 'The register takes no new deposits now; its owner has closed it.');
    return { kind: 'rnode-join', title: '', account, calls: [{ to: register.contract, value: register.threshold, payload: rnode.encodeJoinRnode(RNODE_VERSION) }], subject: null, permissions: [] };
  }

  /** @throws NOT_RNODE, LOCK_NOT_OVER, NO_RNODE_CONTRACT */
  async draftQuit(account: Bytes): Promise<DraftProposal> {
    const register = await this.#known();
    const member = register.members.find(({ address }) => equal(address, account));
    if (member === undefined) throw new CodedError('NOT_RNODE', 'This account has no deposit in the register.');
    if (this.#now() < member.lockEndsAt) throw new CodedError('LOCK_NOT_OVER', 'The deposit is still locked.', { help: 'It can be taken back when the lock has ended.', meta: { lockEndsAt: member.lockEndsAt } });
    return { kind: 'rnode-quit', title: '', account, calls: [{ to: register.contract, value: 0n, payload: rnode.encodeQuitRnode() }], subject: null, permissions: [] };
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

  async #member(contract: Bytes, address: Hex, lockMillis: Millis): Promise<RnodeMember> {
    const { lockedDeposit, lockedTime } = rnode.decodeParticipantsResult(await this.#read(contract, rnode.encodeParticipants(address)));
    const lockedAt = toMillis(seconds(Number(lockedTime)));
    return { address: fromHex(address), deposit: lockedDeposit, lockedAt, lockEndsAt: millis(lockedAt + lockMillis) };
  }

  async #read(contract: Bytes, data: Bytes): Promise<Bytes> {
    const outcome = await this.#reader.call({ from: new Uint8Array(20), to: contract, data, value: 0n });
    if (!outcome.ok) throw new CodedError('BAD_ANSWER', 'The RNode register does not answer as it should.', { help: 'Check the network in Settings.', meta: { reason: 'register' } });
    return outcome.data;
  }
}
