/** cpchain gateway */
import { once } from 'node:events';
import { millis } from '../../src-node/base/clock.ts';
import { letHeapGrow } from '../../src-node/base/heap-growth.ts';
import type { GatewayHostOptions } from '../../src-node/gateway-host.ts';
import { required, usageError, type Command, type CommandArgs } from './command.ts';

const USAGE =
  'gateway --folder FOLDER [--kafka BROKERS | --engine FILE] --rpc URL --gateway-id ID [--gateway-key-file FILE] [--contracts STREAM,CHANNEL,GATEWAY] [--host ADDRESS] [--port PORT] [--names NAMES] [--origins ORIGINS] [--behind-proxy] [--tls-cert FILE --tls-key FILE] [--retention-hours HOURS] [--old-paths] [--json]';
const DEFAULT_PORT = 8547;
const DEFAULT_HOURS = 72;
const MILLIS_PER_HOUR = 3_600_000;
const ADDRESS = /^0x[0-9a-f]{40}$/;
const ID = /^0x[0-9a-f]{64}$/;

/** Runs until it is interrupted, which ends it in order. */
export const gateway: Command = {
  usage: USAGE,
  options: {
    folder: { type: 'string' }, kafka: { type: 'string' }, engine: { type: 'string' }, rpc: { type: 'string' }, 'gateway-id': { type: 'string' }, 'gateway-key-file': { type: 'string' }, contracts: { type: 'string' },
    host: { type: 'string' }, port: { type: 'string' }, names: { type: 'string' }, origins: { type: 'string' }, 'behind-proxy': { type: 'boolean' }, 'tls-cert': { type: 'string' }, 'tls-key': { type: 'string' },
    'retention-hours': { type: 'string' }, 'old-paths': { type: 'boolean' },
  },
  run: async (args) => {
    const options = optionsOf(args);
    letHeapGrow();
    const { startGateway } = await import('../../src-node/gateway-host.ts'); // half of what the program loads; the other commands need none of it
    const host = await startGateway(options);
    const { url, signer, engine, logId, head } = host;
    args.say(`The gateway answers at ${url} (log: ${engine}, number ${logId}; block ${head ?? 'unknown'}; signs with ${signer}).`);
    const began = Date.now();
    if (!args.signal.aborted) await once(args.signal, 'abort');
    await host.close();
    const seconds = Math.round((Date.now() - began) / 1000);
    return { json: { url, signer, engine, seconds }, text: `The gateway was stopped after ${seconds} s. What readers owe and have signed is written down.` };
  },
};

function optionsOf(args: CommandArgs): GatewayHostOptions {
  const text = (option: string): string | undefined => (typeof args.values[option] === 'string' ? args.values[option] : undefined);
  const list = (option: string): readonly string[] => text(option)?.split(',').map((part) => part.trim()) ?? [];
  if (args.positionals.length > 0) throw usageError('Name no file.', USAGE);
  const [enginePath, keyPath, certPath, tlsKeyPath] = ['engine', 'gateway-key-file', 'tls-cert', 'tls-key'].map(text);
  if (enginePath !== undefined && text('kafka') !== undefined) throw usageError('Give --kafka or --engine, not both.', USAGE);
  if ((certPath === undefined) !== (tlsKeyPath === undefined)) throw usageError('--tls-cert and --tls-key belong together.', USAGE);
  const gatewayId = required(args, 'gateway-id', USAGE);
  if (!isId(gatewayId)) throw usageError('--gateway-id has to be 0x and 64 hex digits.', USAGE);
  const contracts = list('contracts');
  const [stream, channel, gatewayContract] = contracts;
  const areAddresses = contracts.length === 3 && isAddress(stream) && isAddress(channel) && isAddress(gatewayContract);
  if (contracts.length > 0 && !areAddresses) throw usageError('--contracts has to be three addresses in lower case, with commas between them.', USAGE);
  return {
    folder: required(args, 'folder', USAGE),
    brokers: list('kafka'),
    ...(enginePath === undefined ? {} : { enginePath }),
    rpcUrl: required(args, 'rpc', USAGE),
    ...(areAddresses ? { contracts: { stream, channel, gateway: gatewayContract } } : {}),
    gatewayId,
    ...(keyPath === undefined ? {} : { keyPath }),
    host: text('host') ?? '127.0.0.1',
    port: numberOf(text('port') ?? String(DEFAULT_PORT), 'port', 65_535),
    hosts: list('names'),
    origins: list('origins'),
    behindProxy: args.values['behind-proxy'] === true,
    ...(certPath === undefined || tlsKeyPath === undefined ? {} : { tls: { certPath, keyPath: tlsKeyPath } }),
    oldPaths: args.values['old-paths'] === true,
    retentionMillis: millis(numberOf(text('retention-hours') ?? String(DEFAULT_HOURS), 'retention-hours', 87_600) * MILLIS_PER_HOUR),
  };
}

function numberOf(text: string, option: string, max: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > max) throw usageError(`--${option} has to be a whole number of at most ${max}.`, USAGE);
  return value;
}

function isAddress(text: string | undefined): text is `0x${string}` {
  return text !== undefined && ADDRESS.test(text);
}

function isId(text: string): text is `0x${string}` {
  return ID.test(text);
}
