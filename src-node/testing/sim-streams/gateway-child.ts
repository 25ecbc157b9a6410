/** The gateway of a simulation, in a process of its own: WORLD NUMBER. Says its port. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { millis, systemClock } from '../../base/clock.ts';
import { systemFiles } from '../../base/files.ts';
import { openNodeLog } from '../../node-log.ts';
import { Gateway } from '../../streams/gateway/gateway.ts';
import { GatewayServer } from '../../streams/gateway/http-server.ts';
import { quotasOf } from '../../streams/gateway/quotas.ts';
import { SqliteGatewayStore } from '../../streams/gateway/store.ts';
import { engineSettingsSchema, openEngine } from '../../streams/log/settings.ts';
import { onWord, say } from './say.ts';
import { SimChain } from './sim-chain.ts';
import { readWorld } from './sim-world.ts';

const [, , worldPath = '', number = ''] = process.argv;
const world = readWorld(worldPath);
const home = join(world.folder, `gateway-${number}`);
mkdirSync(home, { recursive: true });
const logger = openNodeLog(home, 'info');
const modules = { files: systemFiles, clock: systemClock, logger };
const engine = openEngine(engineSettingsSchema.parse(world.engine === 'kafka' ? { kind: 'kafka', brokers: world.brokers } : { kind: 'built-in', folder: join(home, 'log'), maxBytes: 1e9 }), modules);
const chain = new SimChain(world);
const quotas = quotasOf({ requestsPerSecond: 1e6, publishRecordsPerSecond: 1e6, publishBytesPerSecond: 1e9, readBytesPerSecond: 1e9, sockets: 100 });
const store = new SqliteGatewayStore({ path: join(home, 'store.sqlite') });
const gateway = new Gateway({ retentionMillis: millis(86_400_000), evidenceFolder: join(home, 'evidence'), quotas, oldPaths: false }, { ...modules, engine, chain, signer: chain.receiptSigner(Number(number)), store });
const server = await GatewayServer.listen({ host: '127.0.0.1', port: 0 }, { gateway, logger });
onWord(() => undefined);
say({ type: 'ready', port: server.port });
