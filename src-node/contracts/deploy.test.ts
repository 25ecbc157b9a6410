import { beforeEach, describe, expect, it } from 'vitest';
import { concat, fromHex, toHex, type Hex } from '../base/bytes.ts';
import type { CodedError } from '../base/errors.ts';
import * as escrow from './bindings/pd-escrow.gen.ts';
import * as listings from './bindings/pd-listing.gen.ts';
import { marketAddresses, marketDeployment, type Deployment, type MarketAddresses } from './deploy.ts';
import { marketParameters, type MarketKind, type MarketParameters } from './market-parameters.ts';
import { DeployedChain, PRACTICE } from './testing/deployed-chain.ts';
import { account, must } from './testing/market.ts';
import type { DeploymentReader } from './verify-creation.ts';
import { verifyDeployment, type MarketRecord } from './verify-deployment.ts';

const deployer = account('deployer');

describe('the deployment of a market', () => {
  let chain: DeployedChain;
  let record: MarketRecord;

  const deploy = (parameters: MarketParameters, from: Hex = deployer): MarketRecord => {
    const steps = marketDeployment({ deployer: from, nonce: chain.harness.nonceOf(from), parameters });
    const created = steps.map((step) => chain.create(from, step.data));
    for (const outcome of created) must(outcome);
    const [fraud, listing, order] = created.map(({ block }) => block);
    return { addresses: addressesOf(steps), createdIn: { fraud: fraud ?? 0n, listings: listing ?? 0n, escrow: order ?? 0n } };
  };
  const addressesOf = (steps: readonly [Deployment, Deployment, Deployment]): MarketAddresses => ({ fraud: steps[0].address, listings: steps[1].address, escrow: steps[2].address });
  const verdict = async (changed: MarketRecord, reader: DeploymentReader = chain, period = 1_000): Promise<string> =>
    verifyDeployment(reader, changed, period).then(() => 'OK', (error: unknown) => (error as CodedError).code);

  beforeEach(() => {
    chain = new DeployedChain();
    record = deploy(marketParameters('practice', PRACTICE));
  });

  it('puts the contracts where it said, pointing at each other', () => {
    expect(record.addresses).toEqual(marketAddresses({ deployer, nonce: 0n }));
    const { addresses } = record;
    expect(escrow.decodeListingsResult(chain.harness.read(addresses.escrow, escrow.encodeListings()))).toBe(addresses.listings);
    expect(escrow.decodeFraudResult(chain.harness.read(addresses.escrow, escrow.encodeFraud()))).toBe(addresses.fraud);
    expect(listings.decodeEscrowResult(chain.harness.read(addresses.listings, listings.encodeEscrow()))).toBe(addresses.escrow);
  });

  it('has times of at least sixty blocks on the practice network', () => {
    const { listings: listing, escrow: order } = marketParameters('practice', PRACTICE);
    const spans = [order.readyTime, order.cancelTime, listing.keyTime.min, listing.disputeTime.min];
    expect(spans.every((span) => (span * 1_000) / PRACTICE.periodMillis >= 60)).toBe(true);
    expect([order.readyTime, order.cancelTime, listing.keyTime.normal, listing.disputeTime.normal, listing.minListingBond]).toEqual([600, 120, 300, 600, 10n ** 19n]);
  });

  it('is refused by the contracts for parameters beyond the hard caps', () => {
    const fits = marketParameters('standard', PRACTICE);
    const orders: readonly Partial<escrow.EscrowParameters>[] = [
      { feeBps: 101 }, { bondBps: 10_001 }, { expiryBps: 2_001 }, { proofAllowance: fits.escrow.minReserve + 1n }, { minReserve: 0n, proofAllowance: 0n },
      { grace: 0 }, { readyTime: 0 }, { cancelTime: 7 * 86_400 + 1 }, { chainId: 1n }, { periodMs: 999 },
    ];
    const lists: readonly Partial<listings.ListingParameters>[] = [
      { chainId: 0n }, { periodMs: 0 }, { periodMs: 60_001 }, { minPrice: 0n }, { unbondDelay: 30 * 86_400 + 1 },
      { keyTime: { min: 0, normal: 1, max: 2 } }, { keyTime: { min: 3, normal: 2, max: 4 } }, { disputeTime: { min: 1, normal: 3, max: 2 } }, { disputeTime: { min: 1, normal: 2, max: 7 * 86_400 + 1 } },
    ];
    const cases: readonly MarketParameters[] = [...orders.map((changes) => ({ ...fits, escrow: { ...fits.escrow, ...changes } })), ...lists.map((changes) => ({ ...fits, listings: { ...fits.listings, ...changes } }))];
    cases.forEach((parameters, i) => {
      const from = account(`deployer ${i}`);
      const outcomes = marketDeployment({ deployer: from, nonce: 0n, parameters }).map((step) => chain.create(from, step.data));
      expect([i, outcomes.some(({ reason }) => reason?.code === 'BAD_PARAMETERS')]).toEqual([i, true]);
    });
  });

  it.each<MarketKind>(['practice', 'standard'])('is accepted with the %s parameters, which come out as they went in', async (kind) => {
    const parameters = marketParameters(kind, PRACTICE);
    const made = deploy(parameters, account('another deployer'));
    expect(await verifyDeployment(chain, made, 1_000)).toEqual(parameters);
  });

  it('is refused for another chain, another genesis or another block time', async () => {
    expect(await verdict(record)).toBe('OK');
    expect(await verdict(record, chain, 10_000)).toBe('OTHER_CHAIN_MARKET');
    expect(await verdict(deploy(marketParameters('practice', { ...PRACTICE, chainId: 337n })))).toBe('OTHER_CHAIN_MARKET');
    expect(await verdict(deploy(marketParameters('practice', { ...PRACTICE, genesisHash: toHex(new Uint8Array(32)) })))).toBe('OTHER_CHAIN_MARKET');
  });

  it('is refused when parts of two markets are mixed, or when an address is something else', async () => {
    const other = deploy(marketParameters('practice', PRACTICE));
    for (const part of ['fraud', 'listings', 'escrow'] as const) {
      const mixed = { addresses: { ...record.addresses, [part]: other.addresses[part] }, createdIn: { ...record.createdIn, [part]: other.createdIn[part] } };
      expect(await verdict(mixed)).toBe('MIXED_MARKET');
      expect(await verdict({ ...record, addresses: { ...record.addresses, [part]: account('no contract') } })).toBe('NOT_A_MARKET');
      expect(await verdict({ ...record, createdIn: { ...record.createdIn, [part]: 99n } })).toBe('NOT_A_MARKET');
      expect(await verdict({ ...record, createdIn: { ...record.createdIn, [part]: other.createdIn[part] } })).toBe('NOT_A_MARKET');
    }
    expect(await verdict({ ...record, addresses: { ...record.addresses, fraud: record.addresses.listings } })).toBe('NOT_A_MARKET');
  });

  it('is refused when our code was put there by a creation of someone else, with a balance for himself in storage', async () => {
    const thief = account('thief');
    const addresses = marketAddresses({ deployer: thief, nonce: 0n });
    const [fraud, listing] = marketDeployment({ deployer: thief, nonce: 0n, parameters: marketParameters('practice', PRACTICE) });
    const fraudBlock = chain.create(thief, fraud.data).block;
    const listingBlock = chain.create(thief, listing.data).block;
    const genuine = toHex(chain.harness.state.codeOf(fromHex(record.addresses.escrow))).slice(2);
    const runtime = genuine.replaceAll(record.addresses.listings.slice(2), addresses.listings.slice(2)).replaceAll(record.addresses.fraud.slice(2), addresses.fraud.slice(2));
    const size = (runtime.length / 2).toString(16).padStart(4, '0');
    // SSTORE(1, 1), then CODECOPY and RETURN of the code that follows.
    const creation = chain.create(thief, concat(fromHex(`600160015561${size}8060116000396000f3`), fromHex(runtime)));
    const forged: MarketRecord = { addresses: { ...addresses, escrow: creation.address }, createdIn: { fraud: fraudBlock, listings: listingBlock, escrow: creation.block } };
    expect(toHex(chain.harness.state.codeOf(fromHex(creation.address)))).toBe(`0x${runtime}`);
    expect(chain.harness.state.storageAt(fromHex(creation.address), 1n)).toBe(1n);
    expect(await verdict(forged)).toBe('NOT_A_MARKET');
  });
});
