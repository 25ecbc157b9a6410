/** A gateway of streams as a program of its own: a log, a chain that is read through another node, and a server. */
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { concat, EMPTY_BYTES, equal, fromHex, fromHexSized, hexOf, toHex, utf8, type Bytes, type Hex } from './base/bytes.ts';
import { millis, systemClock, type Millis } from './base/clock.ts';
import { CodedError, isCoded } from './base/errors.ts';
import { systemFiles } from './base/files.ts';
import type { StreamAddresses } from './contracts/deploy.ts';
import { hkdfSha256, randomBytes } from './crypto/hash.ts';
import { addressOf, isPrivateKey, sign } from './crypto/secp256k1.ts';
import { openNodeLog } from './node-log.ts';
import { wellKnownStreams } from './practice-streams.ts';
import { RemoteReader } from './rpc/client/remote-reader.ts';
import { ReaderStreamChain, streamContracts } from './streams/chain-view.ts';
import { Gateway } from './streams/gateway/gateway.ts';
import { GatewayServer } from './streams/gateway/http-server.ts';
import { quotasOf } from './streams/gateway/quotas.ts';
import { SqliteGatewayStore } from './streams/gateway/store.ts';
import { engineSettingsSchema, openEngine, type EngineSettings } from './streams/log/settings.ts';

export interface GatewayHostOptions {
  /** Tickets, evidence, log lines, the key, and the streams of a built-in log. */
  readonly folder: string;
  /** `host:port` of a cluster; none for a log in the folder. */
  readonly brokers: readonly string[];
  /** JSON of an engine's settings in place of both, for a cluster that wants a password. */
  readonly enginePath?: string;
  /** JSON-RPC of the node whose chain is believed. */
  readonly rpcUrl: string;
  /** Where the contracts of streams stand; not needed on a practice network. */
  readonly contracts?: StreamAddresses;
  /** On the chain; 32 bytes. */
  readonly gatewayId: Hex;
  /** 64 hex digits; drawn when there is no such file. Default `gateway-key` in the folder. */
  readonly keyPath?: string;
  readonly host: string;
  readonly port: number;
  readonly hosts: readonly string[];
  readonly origins: readonly string[];
  readonly behindProxy: boolean;
  /** PEM files. */
  readonly tls?: { readonly certPath: string; readonly keyPath: string };
  readonly oldPaths: boolean;
  readonly retentionMillis: Millis;
}

export interface GatewayHost {
  readonly url: string;
  /** What its receipts are signed with. */
  readonly signer: Hex;
  readonly engine: EngineSettings['kind'];
  /** Of the chain. */
  readonly head: bigint | null;
  readonly logId: bigint;
  close(): Promise<void>;
}

const POLL_MILLIS = millis(1000);
const BUILT_IN_BYTES = 20 * 1024 ** 3;
const MAX_FILE_BYTES = 64 * 1024;

/** @throws CHAIN_UNREACHABLE, NO_STREAM_CONTRACTS, GATEWAY_UNKNOWN, GATEWAY_OTHER_KEY, LOG_UNREACHABLE, PORT_UNAVAILABLE, CodedError<FileErrorCode> */
export async function startGateway(options: GatewayHostOptions): Promise<GatewayHost> {
  const { folder } = options;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const log = openNodeLog(folder, 'info');
  const key = await keyOf(options.keyPath ?? join(folder, 'gateway-key'));
  const gatewayId = fromHexSized(options.gatewayId, 32);
  const reader = await RemoteReader.connect({ url: options.rpcUrl });
  const addresses = options.contracts ?? wellKnownStreams(reader.chainId);
  if (addresses === null) throw new CodedError('NO_STREAM_CONTRACTS', `It is not known where the contracts of streams stand on chain ${reader.chainId}.`, { help: 'Give their three addresses.' });
  const chain = new ReaderStreamChain({ reader, contracts: streamContracts(addresses) });
  const record = await chain.gateway(gatewayId);
  const signer = addressOf(key);
  if (record === null) throw new CodedError('GATEWAY_UNKNOWN', 'The chain knows no gateway of this id.', { help: `Register a gateway with ${toHex(signer)} as its signer, and give its id.` });
  if (!equal(record.signer, signer)) throw new CodedError('GATEWAY_OTHER_KEY', `The chain says that this gateway signs with ${toHex(record.signer)}; the key here is that of ${toHex(signer)}.`, { help: "Give the file of the gateway's key." });
  const modules = { files: systemFiles, clock: systemClock, logger: log };
  const settings = await settingsOf(options);
  const engine = openEngine(settings, modules);
  const stopped = new AbortController();
  const polling = reader.poll({ pollMillis: POLL_MILLIS }, { clock: systemClock, log }, stopped.signal);
  const stop = async (): Promise<void> => {
    stopped.abort();
    await polling;
    await engine.close();
  };
  try {
    const { ok, checks } = await engine.test();
    const failed = checks.find((check) => !check.ok);
    if (!ok) throw new CodedError('LOG_UNREACHABLE', `The log cannot be used: ${failed?.name ?? ''} ${failed?.detail ?? ''}`, { help: 'Look at the brokers and the rights of this program there, or at its folder.' });
    const gateway = new Gateway(
      { retentionMillis: options.retentionMillis, evidenceFolder: join(folder, 'evidence'), quotas: quotasOf(), cursorKey: hkdfSha256(key, EMPTY_BYTES, utf8('pd-cursor'), 32), oldPaths: options.oldPaths },
      { ...modules, engine, chain, signer: { gatewayId, sign: (digest) => Promise.resolve(typedSignature(digest, key)) }, store: new SqliteGatewayStore({ path: join(folder, 'gateway.db'), port: options.port }) },
    );
    try {
      const server = await GatewayServer.listen(await serverOptionsOf(options), { gateway, logger: log.child('http') });
      return {
        url: server.url,
        signer: toHex(signer),
        engine: settings.kind,
        head: chain.head()?.number ?? null,
        logId: record.logId,
        close: async () => {
          await gateway.close();
          await server.close();
          await stop();
        },
      };
    } catch (error) {
      await gateway.close();
      throw error;
    }
  } catch (error) {
    await stop();
    throw error;
  }
}

async function settingsOf({ enginePath, brokers, folder }: GatewayHostOptions): Promise<EngineSettings> {
  const wanted: unknown = enginePath !== undefined ? jsonOf(await textOf(enginePath)) : brokers.length > 0 ? { kind: 'kafka', brokers } : { kind: 'built-in', folder: join(folder, 'streams'), maxBytes: BUILT_IN_BYTES };
  const parsed = engineSettingsSchema.safeParse(wanted);
  if (!parsed.success) throw new CodedError('BAD_ENGINE', `The settings of the log are not right: ${parsed.error.issues[0]?.path.join('.') ?? ''} ${parsed.error.issues[0]?.message ?? ''}`, { help: 'Give brokers as host:port, with commas between them.' });
  return parsed.data;
}

/** There is a password in it, of which the parser's own error would show a part. @throws BAD_ENGINE */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new CodedError('BAD_ENGINE', 'The file of the settings of the log is no JSON.', { help: 'Look for a missing quote or comma in it.' });
  }
}

async function serverOptionsOf({ host, port, hosts, origins, behindProxy, tls }: GatewayHostOptions): Promise<Parameters<typeof GatewayServer.listen>[0]> {
  const lower = (names: readonly string[]): ReadonlySet<string> => new Set(names.map((name) => name.toLowerCase()));
  return { host, port, hosts: lower(hosts), origins: lower(origins), behindProxy, ...(tls === undefined ? {} : { tls: { cert: await textOf(tls.certPath), key: await textOf(tls.keyPath) } }) };
}

/** @throws BAD_KEY, CodedError<FileErrorCode> */
async function keyOf(path: string): Promise<Bytes> {
  try {
    const key = fromHex((await textOf(path)).trim());
    if (!isPrivateKey(key)) throw new CodedError('BAD_KEY', "The file of the gateway's key does not hold one.", { help: 'It has to hold 64 hex digits.' });
    return key;
  } catch (error) {
    if (!isCoded(error, 'FILE_MISSING')) throw error;
  }
  let key = randomBytes(32);
  while (!isPrivateKey(key)) key = randomBytes(32);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await systemFiles.writeAtomic(path, `${hexOf(key)}\n`);
  return key;
}

async function textOf(path: string): Promise<string> {
  return Buffer.from(await systemFiles.read(path, MAX_FILE_BYTES)).toString('utf8');
}

/** r ‖ s ‖ v with v 27 or 28. */
function typedSignature(digest: Bytes, key: Bytes): Bytes {
  const signature = sign(digest, key);
  return concat(signature.subarray(0, 64), Uint8Array.of(27 + (signature[64] ?? 0)));
}
