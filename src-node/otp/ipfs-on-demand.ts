/**
 * The IPFS node, started when it is first needed: its libraries alone take 100 MB, and a program that never published or bought
 * through it needs none of them. One that holds objects, or was told of peers or of a port, starts it at once, for others ask it.
 */
import { join } from 'node:path';
import type { Bytes } from '../base/bytes.ts';
import type { FilePort } from '../base/files.ts';
import type { Logger } from '../base/logger.ts';
import type { Connector, ConnectorTest, ObjectLocator } from './connector.ts';
import type { IpfsConnector, IpfsOptions } from './ipfs.ts';
import { probe } from './probe.ts';

export interface IpfsOnDemandOptions extends Omit<IpfsOptions, 'port'> {
  /** 0 starts it at once on a port of the system's choice, null when it is needed. */
  readonly port: number | null;
  /** Full addresses of peers to stay connected with. */
  readonly peers: readonly string[];
}

export class IpfsOnDemand implements Connector<'ipfs'> {
  readonly scheme = 'ipfs';
  readonly #options: IpfsOnDemandOptions;
  readonly #log: Logger;
  #started: Promise<IpfsConnector> | null = null;
  #addresses: readonly string[] = [];

  private constructor(options: IpfsOnDemandOptions, log: Logger) {
    this.#options = options;
    this.#log = log;
  }

  static async open(options: IpfsOnDemandOptions, modules: { readonly log: Logger; readonly files: FilePort }): Promise<IpfsOnDemand> {
    const ipfs = new IpfsOnDemand(options, modules.log);
    const isAsked = options.peers.length > 0 || options.port !== null || (await modules.files.exists(join(options.folder, 'blocks')));
    if (isAsked) await ipfs.#running();
    return ipfs;
  }

  /** Full addresses with the peer id, to give to another program; none before it runs. */
  get addresses(): readonly string[] {
    return this.#addresses;
  }

  async put(name: string, object: Bytes): Promise<Extract<ObjectLocator, { scheme: 'ipfs' }>> {
    return (await this.#running()).put(name, object);
  }

  async get(locator: ObjectLocator, maxBytes: number, signal?: AbortSignal): Promise<Bytes> {
    return (await this.#running()).get(locator, maxBytes, signal);
  }

  test(): Promise<ConnectorTest> {
    return probe(this);
  }

  async close(): Promise<void> {
    await (await this.#started)?.close();
  }

  /** A failed start is tried again at the next use. */
  #running(): Promise<IpfsConnector> {
    this.#started ??= this.#start().catch((error: unknown) => {
      this.#started = null;
      throw error;
    });
    return this.#started;
  }

  async #start(): Promise<IpfsConnector> {
    const { IpfsConnector: Connector } = await import('./ipfs.ts');
    const ipfs = await Connector.start({ ...this.#options, port: this.#options.port ?? 0 }, { log: this.#log });
    await Promise.all(this.#options.peers.map((peer) => ipfs.addPeer(peer)));
    this.#addresses = ipfs.addresses;
    return ipfs;
  }
}
