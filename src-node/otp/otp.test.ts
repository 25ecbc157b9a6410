import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemFiles } from '../base/files.ts';
import { silentLogger } from '../base/logger.ts';
import type { Connector } from './connector.ts';
import { FolderConnector } from './folder.ts';
import { IpfsConnector } from './ipfs.ts';
import { IpfsOnDemand } from './ipfs-on-demand.ts';

const folder = mkdtempSync(join(tmpdir(), 'otp-'));
const ipfsAt = (name: string): Promise<IpfsConnector> => IpfsConnector.start({ folder: join(folder, name), host: '127.0.0.1', port: 0, timeoutMillis: 3000 }, { log: silentLogger });
const object = Uint8Array.from({ length: (1 << 20) + 8230 }, (_, i) => (i * 7) & 0xff);
const name = 'ab'.repeat(32);
let seller: IpfsConnector;
let buyer: IpfsConnector;

beforeAll(async () => {
  [seller, buyer] = await Promise.all([ipfsAt('seller'), ipfsAt('buyer')]);
});
afterAll(async () => {
  await Promise.all([seller.close(), buyer.close()]);
  rmSync(folder, { recursive: true, force: true });
});

describe.each<[string, () => Connector]>([
  ['folder', () => new FolderConnector({ folder: join(folder, 'objects') }, { files: systemFiles })],
  ['ipfs', () => seller],
])('connector %s', (_, open) => {
  it('keeps an object, twice the same, and says what is missing or too large', async () => {
    const connector = open();
    const locator = await connector.put(name, object);
    expect(await connector.put(name, object)).toEqual(locator);
    expect(Buffer.compare(await connector.get(locator, object.length), object)).toBe(0);
    await expect(connector.get(locator, 1000)).rejects.toMatchObject({ code: 'OBJECT_TOO_LARGE' });
    expect(await connector.test()).toMatchObject({ ok: true, problem: null });
  });
});

describe('two IPFS nodes', () => {
  it('hand an object over a libp2p connection, and name what nobody has', async () => {
    const locator = await seller.put(name, object);
    await buyer.addPeer(seller.addresses[0] ?? '');
    expect(buyer.connectedPeers).toBe(1);
    expect(Buffer.compare(await buyer.get(locator, object.length), object)).toBe(0);
    const nobody = { otp: 1, scheme: 'ipfs', where: { cid: 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy' }, access: 'public' } as const;
    await expect(buyer.get(nobody, 1000)).rejects.toMatchObject({ code: 'OBJECT_MISSING' });
    await expect(buyer.get({ ...nobody, where: { cid: 'nonsense' } }, 1000)).rejects.toMatchObject({ code: 'BAD_LOCATOR' });
  });
});

describe('an IPFS node on demand', () => {
  const open = (port: number | null): Promise<IpfsOnDemand> => IpfsOnDemand.open({ folder: join(folder, 'later'), host: '127.0.0.1', port, peers: [], timeoutMillis: 3000 }, { log: silentLogger, files: systemFiles });

  it('runs from its first object on, and at once where it holds one', async () => {
    const first = await open(null);
    expect(first.addresses).toEqual([]);
    const locator = await first.put(name, object);
    expect(first.addresses.length).toBeGreaterThan(0);
    await first.close();
    const second = await open(null);
    expect(second.addresses.length).toBeGreaterThan(0);
    expect(Buffer.compare(await second.get(locator, object.length), object)).toBe(0);
    await second.close();
  });

  it('runs at once on a port that was asked for', async () => {
    const ipfs = await IpfsOnDemand.open({ folder: join(folder, 'now'), host: '127.0.0.1', port: 0, peers: [], timeoutMillis: 3000 }, { log: silentLogger, files: systemFiles });
    expect(ipfs.addresses.length).toBeGreaterThan(0);
    await ipfs.close();
  });
});
