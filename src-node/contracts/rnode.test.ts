import { Interface, type JsonFragment } from 'ethers';
import { beforeEach, describe, expect, it } from 'vitest';
import compiled from '../../resources/contracts/Rnode.json' with { type: 'json' };
import practice from '../../resources/contracts/practice-genesis.json' with { type: 'json' };
import { fromHex, toBigInt, toHex, type Hex } from '../base/bytes.ts';
import { readVectorJson } from '../testing/vectors.ts';
import * as rnode from './bindings/rnode.gen.ts';
import { Harness } from './testing/harness.ts';
import { account, CPC, must } from './testing/market.ts';

const THRESHOLD = 200_000n * CPC;
const members = ['first', 'second', 'third'].map(account) as [Hex, Hex, Hex];
const owner = practice.rnode.owner as Hex;
const address = practice.rnode.address as Hex;

/** Name and types of functions and events: what callers and indexes of the reference contract rely on. */
function surface(abi: readonly JsonFragment[]): readonly string[] {
  return new Interface(abi.filter(({ type }) => type === 'function' || type === 'event' || type === 'constructor')).format(false).sort();
}

describe('Rnode', () => {
  let chain: Harness;
  const read = <T>(data: Uint8Array, decode: (data: Uint8Array) => T): T => decode(chain.read(address, data));
  const list = (): readonly Hex[] => read(rnode.encodeGetRnodes(), rnode.decodeGetRnodesResult);
  const join = (from: Hex, value = THRESHOLD): ReturnType<Harness['call']> => chain.call(from, address, rnode.encodeJoinRnode(2n), { value });

  beforeEach(() => {
    chain = new Harness();
    chain.state.setCode(fromHex(address), fromHex(practice.rnode.code));
    for (const [slot, value] of Object.entries(practice.rnode.storage)) {
      chain.state.setStorage(fromHex(address), toBigInt(fromHex(slot)), toBigInt(fromHex(value)));
    }
    for (const member of members) chain.fund(member, 1_000_000n * CPC);
  });

  it('has the functions and events of the reference, by name, type and selector', () => {
    const reference = readVectorJson<JsonFragment[]>('contracts/rnode-abi.json');
    const ours = surface(compiled.abi);
    const withoutNames = (lines: readonly string[]): readonly string[] => lines.map((line) => line.replace(/returns \(.*/, ''));
    expect(withoutNames(ours)).toEqual(withoutNames(surface(reference)));
    const selectors = readVectorJson<{ functions: Record<string, string>; events: Record<string, string> }>('contracts/rnode-selectors.json');
    const parsed = new Interface(compiled.abi);
    for (const [signature, selector] of Object.entries(selectors.functions)) expect(parsed.getFunction(signature)?.selector).toBe(selector);
    for (const [signature, topic] of Object.entries(selectors.events)) expect(parsed.getEvent(signature)?.topicHash).toBe(topic);
  });

  it('keeps its storage in the slots of the reference', () => {
    expect(compiled.storageLayout.map(({ slot, label }) => [slot, label])).toEqual([
      [0, 'owner'], [1, 'period'], [2, 'rnodeThreshold'], [3, 'supportedVersion'], [4, 'members'], [7, 'enabled'], [8, 'Participants'],
    ]);
  });

  it('starts in a genesis as its constructor would leave it, but with a lock of 120 s', () => {
    const deployed = chain.create(members[0], fromHex(compiled.bytecode), { gas: 5_000_000n });
    expect(deployed.error).toBeUndefined();
    const constructed = [0n, 1n, 2n, 3n, 4n, 5n, 6n, 7n].map((slot) => chain.state.storageAt(fromHex(deployed.address), slot));
    const genesis = [0n, 1n, 2n, 3n, 4n, 5n, 6n, 7n].map((slot) => chain.state.storageAt(fromHex(address), slot));
    expect(genesis).toEqual(constructed.with(0, toBigInt(fromHex(owner))).with(1, 120n));
    expect(constructed[1]).toBe(6000n);
    expect(read(rnode.encodeRnodeThreshold(), rnode.decodeRnodeThresholdResult)).toBe(THRESHOLD);
    expect(toHex(chain.state.codeOf(fromHex(deployed.address)))).toBe(practice.rnode.code);
  });

  it('takes a deposit, locks it and pays the whole of it back after the lock, to the second', () => {
    const joined = must(join(members[0], THRESHOLD + 5n));
    const since = chain.timeSeconds;
    const [log] = joined.logs;
    expect(log && rnode.decodeEvent(log)).toEqual({ name: 'NewRnode', who: members[0], lockedDeposit: THRESHOLD + 5n, lockedTime: since });
    expect(read(rnode.encodeIsRnode(members[0]), rnode.decodeIsRnodeResult)).toBe(true);
    expect(read(rnode.encodeParticipants(members[0]), rnode.decodeParticipantsResult)).toEqual({ lockedDeposit: THRESHOLD + 5n, lockedTime: since });

    chain.sleep(119);
    expect(chain.call(members[0], address, rnode.encodeQuitRnode()).reason).toMatchObject({ code: 'STILL_LOCKED', meta: { until: String(since + 120n) } });
    chain.sleep(1);
    const quit = must(chain.call(members[0], address, rnode.encodeQuitRnode()));
    expect(quit.logs.map(rnode.decodeEvent)).toEqual([{ name: 'RnodeQuit', who: members[0] }]);
    expect(chain.balanceOf(members[0])).toBe(1_000_000n * CPC);
    expect(chain.balanceOf(address)).toBe(0n);
    expect(chain.call(members[0], address, rnode.encodeQuitRnode()).reason?.code).toBe('NOT_RNODE');
    must(join(members[0])); // may come again
  });

  it('refuses who may not join', () => {
    expect(join(members[0], THRESHOLD - 1n).reason).toMatchObject({ code: 'DEPOSIT_TOO_SMALL', meta: { threshold: String(THRESHOLD) } });
    expect(chain.call(members[0], address, rnode.encodeJoinRnode(0n), { value: THRESHOLD }).reason?.code).toBe('VERSION_TOO_OLD');
    must(join(members[0]));
    expect(join(members[0]).reason?.code).toBe('ALREADY_RNODE');
    must(chain.call(owner, address, rnode.encodeDisableContract()));
    expect(join(members[1]).reason?.code).toBe('RNODE_DISABLED');
    const contract = account('contract');
    chain.state.setCode(fromHex(contract), Uint8Array.of(0));
    must(chain.call(owner, address, rnode.encodeEnableContract()));
    chain.fund(contract, THRESHOLD);
    expect(join(contract).reason?.code).toBe('CONTRACT_SENDER');
  });

  it('moves the last member into the place of one that leaves', () => {
    for (const member of members) must(join(member));
    expect(list()).toEqual(members);
    chain.sleep(120);
    must(chain.call(members[0], address, rnode.encodeQuitRnode()));
    expect(list()).toEqual([members[2], members[1]]);
    must(chain.call(members[1], address, rnode.encodeQuitRnode()));
    expect(list()).toEqual([members[2]]);
    expect(read(rnode.encodeGetRnodeNum(), rnode.decodeGetRnodeNumResult)).toBe(1n);
  });

  it('lets only the owner refund, and within bounds set the numbers', () => {
    for (const member of members) must(join(member));
    for (const data of [rnode.encodeRefundAll(), rnode.encodeRefund(members[0]), rnode.encodeSetPeriod(1n), rnode.encodeSetRnodeThreshold(THRESHOLD), rnode.encodeSetSupportedVersion(3n), rnode.encodeDisableContract(), rnode.encodeEnableContract()]) {
      expect(chain.call(members[0], address, data).reason?.code).toBe('NOT_OWNER');
    }
    expect(chain.call(owner, address, rnode.encodeSetPeriod(86_401n)).reason?.code).toBe('OUT_OF_RANGE');
    expect(chain.call(owner, address, rnode.encodeSetRnodeThreshold(THRESHOLD - 1n)).reason?.code).toBe('OUT_OF_RANGE');
    const refund = must(chain.call(owner, address, rnode.encodeRefund(members[1])));
    expect(refund.logs.map(rnode.decodeEvent)).toEqual([{ name: 'ownerRefund', who: members[1], amount: THRESHOLD }]);
    const all = must(chain.call(owner, address, rnode.encodeRefundAll()));
    expect(all.logs.map(rnode.decodeEvent)).toEqual([{ name: 'ownerRefundAll', numOfInvestor: 2n }]);
    expect(list()).toEqual([]);
    for (const member of members) expect(chain.balanceOf(member)).toBe(1_000_000n * CPC);
  });
});
