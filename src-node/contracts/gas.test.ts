/** Gas and calldata of every call, held against the table of docs/protocol/11 §4.2 and against the smallest block. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex, u32be, type Bytes, type Hex } from '../base/bytes.ts';
import { sha256 } from '../crypto/hash.ts';
import { keccak256 } from '../crypto/keccak.ts';
import * as escrow from './bindings/pd-escrow.gen.ts';
import * as listings from './bindings/pd-listing.gen.ts';
import { marketDeployment } from './deploy.ts';
import { leafInput, pathInput, unitInput } from './proofs.ts';
import { listingId } from './terms.ts';
import { chunkOf } from './testing/fraud-court.ts';
import { CALLDATA_CEILING, GAS_CEILING, type Outcome } from './testing/harness.ts';
import { account, BUYER, CPC, DAY, DELIVERY, must, SELLER, SPLIT, STRANGER, TestMarket, type Sale } from './testing/market.ts';
import { OrderCalls } from './testing/order-calls.ts';
import { leafHash, leafNode, treePath, treeRoot, unitFields } from './testing/reference-package.ts';

const DOCUMENT = join(import.meta.dirname, '..', '..', 'docs', 'protocol', '11-market-contracts.md');

interface Row {
  readonly call: string;
  readonly gas: bigint;
  readonly calldata: number;
}

/** A full chunk at place 77,777 of 100,000, with a lie in the last unit: the dearest proof there is. */
function largest(market: TestMarket): { readonly sale: Sale; readonly proof: (order: Hex) => Bytes } {
  const plain = Uint8Array.from({ length: 1 << 20 }, (_, j) => (j * 37 + (j >> 8)) & 0xff);
  const lying = market.sell({ chunks: [{ plain, salt: new Uint8Array(16).fill(0xc9) }], lies: { lyingUnit: { chunk: 0, unit: 254 } } });
  const chunk = chunkOf(lying.pack, 0);
  const facts = { ...chunk.facts, index: 77_777 };
  const nodes = Array.from({ length: 100_000 }, (_, i) => (i === facts.index ? leafNode(leafHash(lying.pack.input, facts)) : sha256(u32be(i))));
  const version = { ...market.newVersion(lying.pack), dataRoot: toHex(treeRoot(nodes)), chunkCount: nodes.length };
  must(market.listings(SELLER, listings.encodeAddVersion(lying.listing, version, lying.terms.metaHash, '')));
  const terms = { ...lying.terms, version: 2, dataRoot: version.dataRoot, chunkCount: nodes.length };
  const path = pathInput(treePath(nodes, facts.index));
  return { sale: { ...lying, terms }, proof: (order) => escrow.encodeProveBadUnit(order, leafInput(facts), path, unitInput(unitFields(chunk, 254))) };
}

function measure(): readonly Row[] {
  const market = new TestMarket();
  const calls = new OrderCalls(market);
  const rows: Row[] = [];
  const note = (call: string, outcome: Outcome): void => {
    must(outcome);
    rows.push({ call, gas: outcome.gasUsed, calldata: outcome.calldata });
  };
  const seller = (call: string, data: Bytes, value = 0n): void => note(call, market.listings(SELLER, data, value));
  const party = (call: string, from: Hex, data: Bytes): void => note(call, market.escrow(from, data));
  const plan: listings.NewPlan = { planId: 1, kind: 'OneOff', price: 100n * CPC, licenceHash: toHex(keccak256(new Uint8Array(1))), active: true, ...SPLIT };
  const thousand = Array.from({ length: 1_000 }, (_, i) => ({ plain: Uint8Array.of(i & 0xff), salt: sha256(u32be(i)).subarray(0, 16) }));

  // Listings.
  const first = market.sell();
  const second = listingId({ contract: market.addresses.listings, chainId: 337n, creator: SELLER, nonce: 1n });
  seller('create', listings.encodeCreate(market.newListing(1n)));
  seller('bond', listings.encodeBond(second), 500n * CPC);
  seller('addVersion', listings.encodeAddVersion(second, market.newVersion(first.pack), first.terms.metaHash, 'ipfs://bafyexample'));
  seller('setPlan, 2 payees', listings.encodeSetPlan(second, plan));
  seller('publish (all four and live)', listings.encodePublish(market.newListing(2n), market.newVersion(first.pack), plan), 500n * CPC);
  seller('setOpenUntil', listings.encodeSetOpenUntil(second, Number(market.harness.timeSeconds) + 2 * DAY));
  seller('setDeliveryKey', listings.encodeSetDeliveryKey(second, STRANGER, 7n * CPC));
  seller('unbond', listings.encodeUnbond(second, 100n * CPC));
  seller('retire', listings.encodeRetire(second));

  // Orders, the good way; then the two proofs that show a key, in a version of 1,000 chunks.
  const sale = market.sell({ chunks: thousand, lies: { lyingKey: 500 } });
  const placed = market.purchase(sale, BUYER);
  note('place', placed.outcome);
  note('ready', market.ready(placed.order));
  note('postKey by the seller', market.postKey(placed.order, sale.pack.input.key).outcome);
  party('confirm, 2 payees', BUYER, escrow.encodeConfirm(placed.order.id, SPLIT.payees, SPLIT.shares));
  party('withdraw', STRANGER, escrow.encodeWithdraw(SELLER));
  party('sweepBurn', STRANGER, escrow.encodeSweepBurn());
  const inAdvance = market.purchase(sale, BUYER, { ready: true });
  note('place, ready in advance', inAdvance.outcome);
  const wrong = market.postKey(inAdvance.order, keccak256(sale.pack.input.key), DELIVERY);
  note('postKey by the delivery key', wrong.outcome);
  party('proveWrongKey, 1,000 chunks', BUYER, calls.wrongKeyData(inAdvance.order, wrong.posted));
  const leaf = market.keyed(sale);
  note('proveBadKeyLeaf, 1,000 chunks', calls.proveBadKeyLeaf(leaf.order, leaf.posted, sale, 500));

  // The other ends.
  const cancelled = market.place(sale);
  party('cancel', BUYER, escrow.encodeCancel(cancelled.id));
  const declined = market.placeReady(sale);
  party('decline of READY', SELLER, escrow.encodeDecline(declined.id));
  const cancelling = market.placeReady(sale);
  party('requestCancel', BUYER, escrow.encodeRequestCancel(cancelling.id));
  market.harness.mine(market.blocks(1_800) + 20, 0n);
  party('finalizeCancel', STRANGER, escrow.encodeFinalizeCancel(cancelling.id));
  const lapsing = market.place(sale);
  const expiring = market.placeReady(sale);
  const payees = Array.from({ length: 16 }, (_, i) => account(`payee ${i}`));
  const split = { payees, shares: payees.map(() => 625) };
  const settling = market.keyed(market.sell({ split }));
  market.harness.mine(market.blocks(2 * DAY) + 20, 0n);
  party('expire of FUNDED', STRANGER, escrow.encodeExpire(lapsing.id));
  party('expire of READY', STRANGER, escrow.encodeExpire(expiring.id));
  party('claim, 16 new payees', STRANGER, escrow.encodeClaim(settling.order.id, split.payees, split.shares));

  // Bad unit: a byte, a short unit, a full one of a full chunk, and the dearest.
  const short = market.sell({ lies: { lyingUnit: { chunk: 1, unit: 0 } } });
  const byte = market.keyed(short);
  party('proveBadUnit, unit of 1 byte', BUYER, calls.badUnitData(byte.order, short, 1, 0));
  const middle = market.sell({ lies: { lyingUnit: { chunk: 0, unit: 2 } } });
  const part = market.keyed(middle);
  party('proveBadUnit, unit of 1,808 bytes', BUYER, calls.badUnitData(part.order, middle, 0, 2));
  const { sale: huge, proof } = largest(market);
  const dearest = market.keyed(huge);
  party('proveBadUnit, full unit of a full chunk, 100,000 chunks', BUYER, proof(dearest.order.id));
  return rows;
}

describe('gas', () => {
  const rows = measure();

  it('and calldata of every call fit the smallest block that a proposer may make', () => {
    for (const row of rows) expect([row.call, row.gas < GAS_CEILING && row.calldata < CALLDATA_CEILING]).toEqual([row.call, true]);
  });

  it('is what docs/protocol/11 says, to the thousand', () => {
    const table = new Map(
      readFileSync(DOCUMENT, 'utf8').split('\n').map((line) => line.split('|').map((cell) => cell.trim())).filter((cells) => cells.length === 5).map(([, call, gas, calldata]) => [call, [gas, calldata]]),
    );
    for (const { call, gas, calldata } of rows) expect([call, table.get(call)]).toEqual([call, [thousands(gas), calldata.toLocaleString('en')]]);
  });

  it('of the deployments is what docs/protocol/11 says', () => {
    const market = new TestMarket();
    const from = account('gas payer');
    const steps = marketDeployment({ deployer: from, nonce: 0n, parameters: market.parameters });
    const measured = steps.map((step) => [step.contract, thousands(must(market.harness.create(from, step.data, { gas: 10_000_000n })).gasUsed), market.harness.state.codeSizeOf(fromHex(step.address))] as const);
    for (const [contract, gas, size] of measured) expect(readFileSync(DOCUMENT, 'utf8')).toContain(`| ${contract} | ${gas} | ${size.toLocaleString('en')} |`);
  });
});

/** 1234567n -> "1,235,000". */
function thousands(gas: bigint): string {
  return (((gas + 500n) / 1_000n) * 1_000n).toLocaleString('en');
}
