/**
 * The embedded IPFS node: Helia on libp2p (TCP, Noise, Yamux and Mplex), blocks and identity on disk. It talks to peers it was
 * told of and to those that dial it; there is no public DHT and no relay, so a program that only shops contacts nobody.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { noise } from '@chainsafe/libp2p-noise';
import { yamux } from '@chainsafe/libp2p-yamux';
import { withBitswap } from '@helia/bitswap';
import { withLibp2pLight } from '@helia/libp2p';
import { unixfs, type UnixFS } from '@helia/unixfs';
import { identify } from '@libp2p/identify';
import { mplex } from '@libp2p/mplex';
import { tcp } from '@libp2p/tcp';
import { multiaddr } from '@multiformats/multiaddr';
import { FsBlockstore } from 'blockstore-fs';
import { LevelDatastore } from 'datastore-level';
import { createHeliaLight } from 'helia';
import { CID } from 'multiformats/cid';
import type { Bytes } from '../base/bytes.ts';
import { concat } from '../base/bytes.ts';
import { CodedError, isCoded } from '../base/errors.ts';
import { fileError } from '../base/files.ts';
import type { Logger } from '../base/logger.ts';
import type { Connector, ConnectorTest, ObjectLocator } from './connector.ts';
import { probe } from './probe.ts';

export interface IpfsOptions {
  readonly folder: string;
  /** TCP port on `host`; 0 lets the system choose. */
  readonly port: number;
  readonly host: string;
  /** How long one object may take. */
  readonly timeoutMillis: number;
}

type HeliaNode = Awaited<ReturnType<typeof startHelia>>;

async function startHelia(options: IpfsOptions, datastore: LevelDatastore) {
  const helia = withBitswap(
    withLibp2pLight(createHeliaLight({ blockstore: new FsBlockstore(join(options.folder, 'blocks')), datastore }), {
      addresses: { listen: [`/ip4/${options.host}/tcp/${options.port}`] },
      transports: [tcp()],
      connectionEncrypters: [noise()],
      streamMuxers: [yamux(), mplex()],
      services: { identify: identify() },
    }),
  );
  await helia.start();
  return helia;
}

export class IpfsConnector implements Connector<'ipfs'> {
  readonly scheme = 'ipfs';
  readonly #helia: HeliaNode;
  readonly #datastore: LevelDatastore;
  readonly #fs: UnixFS;
  readonly #log: Logger;
  readonly #timeoutMillis: number;
  readonly #folder: string;
  readonly #peers = new Set<string>();

  private constructor(helia: HeliaNode, datastore: LevelDatastore, options: IpfsOptions, log: Logger) {
    this.#helia = helia;
    this.#datastore = datastore;
    this.#fs = unixfs(helia);
    this.#log = log;
    this.#timeoutMillis = options.timeoutMillis;
    this.#folder = options.folder;
  }

  static async start(options: IpfsOptions, modules: { readonly log: Logger }): Promise<IpfsConnector> {
    await mkdir(options.folder, { recursive: true });
    const datastore = new LevelDatastore(join(options.folder, 'data'));
    await datastore.open();
    return new IpfsConnector(await startHelia(options, datastore), datastore, options, modules.log);
  }

  /** Full addresses with the peer id, to give to another program. */
  get addresses(): readonly string[] {
    return this.#helia.libp2p.getMultiaddrs().map(String);
  }

  get connectedPeers(): number {
    return this.#helia.libp2p.getPeers().length;
  }

  /** Keeps a connection to a peer that the user or the program named (never one that a listing named). */
  async addPeer(address: string): Promise<void> {
    this.#peers.add(address);
    await this.#dial(address);
  }

  async put(_name: string, object: Bytes): Promise<Extract<ObjectLocator, { scheme: 'ipfs' }>> {
    const cid = await this.#fs.addBytes(object).catch((error: unknown) => {
      throw fileError(error, this.#folder);
    });
    return { otp: 1, scheme: 'ipfs', where: { cid: cid.toString() }, access: 'public' };
  }

  async get(locator: ObjectLocator, maxBytes: number, signal?: AbortSignal): Promise<Bytes> {
    if (locator.scheme !== 'ipfs') throw new CodedError('BAD_LOCATOR', 'This address does not belong to IPFS.');
    const cid = parseCid(locator.where.cid);
    await Promise.all([...this.#peers].map((peer) => this.#dial(peer)));
    const limit = AbortSignal.any([AbortSignal.timeout(this.#timeoutMillis), ...(signal === undefined ? [] : [signal])]);
    const parts: Bytes[] = [];
    let length = 0;
    try {
      for await (const part of this.#fs.cat(cid, { signal: limit })) {
        length += part.length;
        if (length > maxBytes) throw new CodedError('OBJECT_TOO_LARGE', 'The object is larger than this version allows.', { meta: { cid: locator.where.cid, maxBytes } });
        parts.push(part);
      }
    } catch (error) {
      signal?.throwIfAborted();
      if (isCoded(error)) throw error;
      throw new CodedError('OBJECT_MISSING', 'No connected IPFS peer has this object now.', { help: 'It is asked for again; the seller’s program may be off.', meta: { cid: locator.where.cid }, cause: error });
    }
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : concat(...parts);
  }

  test(): Promise<ConnectorTest> {
    return probe(this);
  }

  async close(): Promise<void> {
    await this.#helia.stop();
    await this.#datastore.close();
  }

  async #dial(address: string): Promise<void> {
    try {
      await this.#helia.libp2p.dial(multiaddr(address), { signal: AbortSignal.timeout(5000) });
    } catch (error) {
      this.#log.debug('IPFS peer does not answer', { address, reason: error instanceof Error ? error.message : 'unknown' });
    }
  }
}

function parseCid(text: string): CID {
  try {
    return CID.parse(text);
  } catch (error) {
    throw new CodedError('BAD_LOCATOR', 'This is not an IPFS content address.', { meta: { cid: text }, cause: error });
  }
}
