import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { fromHex } from './base/bytes.ts';
import { millis, systemClock } from './base/clock.ts';
import { systemFiles } from './base/files.ts';
import { silentLogger } from './base/logger.ts';
import type { StreamAddresses } from './contracts/deploy.ts';
import { addressOf } from './crypto/secp256k1.ts';
import { network } from './networks/network.ts';
import { practiceKeys } from './networks/practice.ts';
import { startPracticeChain, type PracticeChain } from './practice-chain.ts';
import { wellKnownStreams } from './practice-streams.ts';
import { StreamsHost } from './streams-host.ts';
import type { GatewayKeys, Passwords, PublishingKeys, ReadingKeys, StreamKeys } from './streams/ports.ts';
import { scaledClock } from './testing/scaled-clock.ts';
import type { ActionRecord } from './wallet/action.ts';
import type { Outbox } from './wallet/outbox.ts';

const folder = mkdtempSync(join(tmpdir(), 'streams-host-'));
const clock = scaledClock(20, systemClock.now());
const { chainId, dpor } = network('practice');
const known = wellKnownStreams(chainId) ?? expect.fail('no streams on practice');
const hosts: StreamsHost[] = [];
let practice: PracticeChain;
let saved: StreamAddresses[];

/** A host on the practice chain that is told no addresses but these; `deployments` stand in the wallet's outbox. */
function host(addresses: StreamAddresses | null, deployments: readonly ActionRecord[] = []): StreamsHost {
  saved = [];
  const keys: Partial<StreamKeys> = { accounts: () => Promise.resolve([]), held: () => Promise.resolve({ unlocked: false, ids: new Set() }), hold: () => Promise.resolve() };
  const one = new StreamsHost({ folder: join(folder, `host-${hosts.length}`), kind: 'practice', periodMillis: dpor.periodMillis, wellKnown: null, saved: addresses }, {
    reader: practice.reader, outbox: { list: () => deployments } as unknown as Outbox, clock, log: silentLogger, keys: keys as StreamKeys, gatewayKeys: keys as GatewayKeys, readingKeys: {} as ReadingKeys, publishingKeys: {} as PublishingKeys, passwords: {} as Passwords, files: systemFiles, actions: { stateOf: () => 'none', submit: () => Promise.resolve() }, onChange: () => undefined,
    texts: { uriOf: () => '', put: () => Promise.resolve(), sources: [] },
    save: (found) => Promise.resolve(void saved.push(found)),
  });
  hosts.push(one);
  return one;
}

beforeAll(async () => {
  practice = await startPracticeChain({ dataDir: folder }, { clock, log: silentLogger });
  await vi.waitFor(async () => expect((await practice.reader.codeOf(fromHex(known.channel))).length).toBeGreaterThan(0), { timeout: 20_000, interval: 20 });
}, 30_000);
afterAll(async () => {
  for (const one of hosts) await one.close();
  await practice.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('streams of a network', () => {
  it('are none where nobody put contracts', async () => {
    const one = host(null);
    await one.step();
    expect([one.current(), one.isDeploying()]).toEqual([null, false]);
  });

  it('are those that this wallet deployed, as soon as they are checked, and are remembered', async () => {
    const entry = { nonce: 0n } as ActionRecord['entries'][number];
    const done: ActionRecord = { id: 'd', kind: 'deploy-streams', title: '', account: addressOf(practiceKeys(chainId).streams), createdAt: millis(0), subject: null, error: null, entries: [entry] };
    const one = host(null, [done]);
    expect(one.isDeploying()).toBe(true);
    await one.step();
    expect(one.current()?.contracts).toMatchObject({ addresses: known, parameters: { gateway: { minBond: 10n ** 19n }, channel: { closeTime: 120 } } });
    expect(saved).toEqual([known]);
    expect(one.current()?.index.indexedBlock).toBeGreaterThan(0);
  });

  it('are not taken from contracts that are others, belong to others, or are not there', async () => {
    const other = `0x${'77'.repeat(20)}` as const;
    for (const addresses of [{ ...known, channel: known.gateway }, { ...known, stream: known.channel, channel: known.stream }, { ...known, gateway: other }]) {
      const one = host(addresses);
      await one.step();
      expect([one.current(), saved]).toEqual([null, []]);
    }
  });

  it('are those that the user names, if they are ours; what was wrong is said', async () => {
    const one = host(null);
    const refusals = [
      [{ ...known, gateway: `0x${'77'.repeat(20)}` }, 'NOT_STREAM_CONTRACTS'], [{ ...known, channel: known.gateway }, 'NOT_STREAM_CONTRACTS'],
    ] as const;
    for (const [addresses, code] of refusals) await expect(one.use(addresses)).rejects.toMatchObject({ code });
    expect([one.current(), saved]).toEqual([null, []]);
    await one.use(known);
    expect([one.current()?.contracts.addresses, saved.at(-1)]).toEqual([known, known]);
  });

  it('are put there by three transactions at the next numbers of the account', async () => {
    const account = addressOf(practiceKeys(chainId).streams);
    const draft = await host(null).draftDeployment(account);
    expect([draft.kind, draft.calls.length, draft.calls.every(({ to, value }) => to === null && value === 0n), draft.id?.endsWith(':3')]).toEqual(['deploy-streams', 3, true, true]);
  });
});
