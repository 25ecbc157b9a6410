/** The gateway of this program while it runs: its log, what it answers with, and where it listens. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fromHex, toHex, type Bytes } from '../../base/bytes.ts';
import { millis, type Clock } from '../../base/clock.ts';
import { isCoded, type CodedError } from '../../base/errors.ts';
import type { FilePort } from '../../base/files.ts';
import type { Logger } from '../../base/logger.ts';
import type { ReceiptMessage } from '../../contracts/typed-data.ts';
import { Gateway } from '../gateway/gateway.ts';
import type { HostedStream } from '../gateway/hosted-stream.ts';
import { GatewayServer } from '../gateway/http-server.ts';
import { quotasOf } from '../gateway/quotas.ts';
import type { GatewayEntry } from '../index/gateway-entry.ts';
import { BuiltInEngine } from '../log/built-in/built-in-engine.ts';
import type { KafkaEngine } from '../log/kafka/kafka-engine.ts';
import { topicsOf } from '../log/kafka/topics.ts';
import type { StreamChain } from '../stream-chain.ts';
import type { Engines } from './engines.ts';
import type { OwnTopic } from './facts.ts';
import type { GatewayFolder } from './gateway-folder.ts';
import { placeOf } from './place.ts';
import { portInUse, unreachable } from './problems.ts';
import type { OwnGatewayChoices } from './settings.ts';

export interface RunningGatewayOptions {
  readonly registration: GatewayEntry;
  readonly folder: GatewayFolder;
  readonly choices: OwnGatewayChoices;
}

export interface RunningGatewayModules {
  readonly engines: Engines;
  readonly chain: StreamChain;
  readonly files: FilePort;
  readonly clock: Clock;
  readonly log: Logger;
  /** 65 bytes. */
  readonly sign: (receipt: ReceiptMessage) => Promise<Bytes>;
  /** Told what came of trying its engine. */
  readonly onTested: (problem: CodedError | null) => void;
}

const HOST = '127.0.0.1';
export const RETENTION_MILLIS = millis(7 * 86_400_000);
/** A log that does not answer within it is shown as such; the view does not wait for it. */
const ANSWER_MILLIS = 2_000;

export class RunningGateway {
  readonly registration: GatewayEntry;
  readonly engine: BuiltInEngine | KafkaEngine;
  readonly gateway: Gateway;
  readonly server: GatewayServer;
  readonly #folder: GatewayFolder;

  private constructor(options: RunningGatewayOptions, parts: { readonly engine: BuiltInEngine | KafkaEngine; readonly gateway: Gateway; readonly server: GatewayServer }) {
    this.registration = options.registration;
    this.#folder = options.folder;
    this.engine = parts.engine;
    this.gateway = parts.gateway;
    this.server = parts.server;
  }

  /** @throws PORT_IN_USE, ENGINE_UNREACHABLE, BAD_ENDPOINT, PASSWORD_MISSING, WALLET_LOCKED, KEYS_STOPPED */
  static async start(options: RunningGatewayOptions, modules: RunningGatewayModules): Promise<RunningGateway> {
    const { folder, choices, registration } = options;
    const place = placeOf(registration);
    await mkdir(folder.path, { recursive: true, mode: 0o700 });
    const engine = await modules.engines.open(choices.engine, folder.path);
    try {
      const report = await engine.test();
      const problem = report.ok ? null : unreachable(report);
      modules.onTested(problem);
      if (problem !== null) throw problem;
      const gateway = gatewayOf(options, engine, modules);
      try {
        const server = await GatewayServer.listen({ host: HOST, port: place.port, hosts: place.names, behindProxy: place.isBehindProxy }, { gateway, logger: modules.log.child('http') });
        return new RunningGateway(options, { engine, gateway, server });
      } catch (error) {
        await gateway.close();
        throw isCoded(error, 'PORT_UNAVAILABLE') ? portInUse(place.port, error) : error;
      }
    } catch (error) {
      await engine.close();
      throw error;
    }
  }

  /** Null for what a built-in log alone knows. */
  get usedBytes(): number | null {
    return this.engine instanceof BuiltInEngine ? this.engine.usedBytes : null;
  }

  topics(): Promise<readonly OwnTopic[]> {
    return Promise.all(this.gateway.streams.map((stream) => this.#topic(stream)));
  }

  async close(): Promise<void> {
    await this.gateway.close();
    await this.server.close();
    await this.engine.close();
  }

  async #topic(stream: HostedStream): Promise<OwnTopic> {
    const { engine } = this;
    const { streamId, tail, retentionMillis, inbound, outbound } = stream;
    const [bounds, owed] = await Promise.all([answered(stream.bounds()), stream.unsigned()]);
    return {
      streamId, bounds, owed, retentionMillis,
      topic: engine instanceof BuiltInEngine ? join(this.#folder.path, 'streams', toHex(streamId).slice(2)) : topicsOf(streamId).data,
      bytes: engine instanceof BuiltInEngine ? await engine.bytesOf(streamId) : null,
      inBytesPerSecond: inbound.perSecond, outBytesPerSecond: outbound.perSecond, lastAt: tail.last?.timeMillis ?? null,
    };
  }
}

function gatewayOf({ registration, folder, choices }: RunningGatewayOptions, engine: BuiltInEngine | KafkaEngine, modules: RunningGatewayModules): Gateway {
  const { chain, files, clock, log, sign } = modules;
  return new Gateway(
    { retentionMillis: RETENTION_MILLIS, evidenceFolder: folder.evidence, quotas: quotasOf(choices.quotas), oldPaths: choices.oldPaths },
    { engine, chain, files, clock, logger: log, store: folder.store(), signer: { gatewayId: fromHex(registration.id), sign: (_, receipt) => sign(receipt) } },
  );
}

/** Null when it does not answer in time, or not at all. */
async function answered<T>(asked: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => (timer = setTimeout(() => resolve(null), ANSWER_MILLIS)));
  try {
    return await Promise.race([asked, late]);
  } catch (error) {
    if (!isCoded(error)) throw error;
    return null;
  } finally {
    clearTimeout(timer);
  }
}
