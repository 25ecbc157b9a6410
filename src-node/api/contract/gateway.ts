/** The gateway that this program runs: it keeps and passes on batches that it cannot read (docs/protocol/11 §4.13). */
import { z } from 'zod';
import type { ErrorJson } from '../../base/errors.ts';
import { addressSchema, amountSchema, hashSchema, procedure, type, type Address, type Amount, type Hash, type Time } from './base.ts';
import type { Proposal } from './proposal.ts';
import type { TestReport } from './stream-desk.ts';

export const engineSchema = z.discriminatedUnion('kind', [
  /** Segment files in the folder of this program. */
  z.object({ kind: z.literal('built-in'), maxBytes: z.number().int().min(64 * 1024 * 1024).max(2 ** 50) }),
  z.object({
    kind: z.literal('kafka'),
    brokers: z.array(z.string().trim().regex(/^[^\s:,/]+:\d{1,5}$/)).min(1).max(20),
    tls: z.boolean(),
    sasl: z.object({ mechanism: z.enum(['plain', 'scram-sha-256', 'scram-sha-512']), username: z.string().min(1).max(200), /** Kept encrypted; null leaves the one that is kept. */ password: z.string().max(500).nullable() }).nullable(),
  }),
]);
export type EngineSettings = z.infer<typeof engineSchema>;

/** Token buckets of one ticket; an account has two tickets' worth, an address of the network eight. */
export const quotaSchema = z.object({
  publishPerSecond: z.number().int().min(1).max(1_000_000),
  publishBytesPerSecond: z.number().int().min(1024).max(2 ** 40),
  readBytesPerSecond: z.number().int().min(1024).max(2 ** 40),
  sockets: z.number().int().min(1).max(1000),
  peeksPerDay: z.number().int().min(0).max(100_000),
});
export type GatewayQuotas = z.infer<typeof quotaSchema>;

export interface GatewayTopicView {
  readonly stream: Hash;
  readonly title: string | null;
  /** Of the log: a topic of Kafka, a folder of the built-in engine. */
  readonly topic: string;
  readonly first: number;
  readonly next: number;
  readonly bytes: number | null;
  readonly retentionMillis: number;
  readonly inBytesPerSecond: number;
  readonly outBytesPerSecond: number;
  readonly publishers: number;
  readonly readers: number;
  readonly lastAt: Time | null;
  /** Delivered and not signed for, of all its readers. */
  readonly owed: Amount;
}

export interface GatewayClientView {
  /** Id of the connection. */
  readonly id: string;
  readonly action: 'publish' | 'subscribe';
  readonly stream: Hash;
  readonly title: string | null;
  readonly clientKey: Address;
  readonly remote: string;
  readonly since: Time;
  readonly bytes: number;
  readonly lagRecords: number | null;
  readonly ticketEndsAt: Time;
  /** `slow`: it gives no credit, so nothing is sent to it; nothing is kept for it either. */
  readonly state: 'ok' | 'slow' | 'unpaid' | 'quota';
}

export interface GatewayView {
  /** `off`: switched off. `failed`: `problem` says why; it is tried again by itself. */
  readonly state: 'off' | 'starting' | 'running' | 'failed';
  readonly problem: ErrorJson | null;
  /** Where it listens, and where the chain says that it is. */
  readonly listens: string | null;
  readonly engine: { readonly settings: EngineSettings; readonly ok: boolean; readonly problem: ErrorJson | null; readonly usedBytes: number | null; readonly checkedAt: Time | null };
  readonly registration: { readonly id: Hash; readonly owner: Address; readonly endpoints: readonly string[]; readonly bond: Amount; readonly status: 'bonded' | 'paused' | 'leaving' | 'left'; readonly leavesAt: Time | null } | null;
  readonly facts: { readonly sockets: number; readonly inBytesPerSecond: number; readonly outBytesPerSecond: number; /** From a batch's arrival to its last reader that gives credit. */ readonly lagMillis: number | null; readonly owed: Amount; readonly memoryBytes: number };
  readonly topics: readonly GatewayTopicView[];
  readonly clients: readonly GatewayClientView[];
  readonly quotas: GatewayQuotas;
  /** Share of what the streams here earned that their splits give to this gateway's owner. */
  readonly earned: Amount;
  /** Owed to its owner's account by the contracts, as the wallet has it. */
  readonly withdrawable: Amount;
  /** The paths of before 2020, `/<id>` and `?action=`. */
  readonly oldPaths: boolean;
  readonly asOf: Time;
}

export interface GatewayLogLine {
  readonly at: Time;
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
}

export const gateway = {
  view: procedure.output(type<GatewayView>()),
  /** Remembered; what fails is tried again by itself. @throws PORT_IN_USE, ENGINE_UNREACHABLE, WALLET_LOCKED while the password of the brokers cannot be read */
  setRunning: procedure.input(z.object({ on: z.boolean() })).output(type<GatewayView>()),
  /** Tries everything that will be needed and cleans up behind itself. Never throws for what the brokers say. @throws PASSWORD_MISSING, WALLET_LOCKED */
  testEngine: procedure.input(engineSchema).output(type<TestReport>()),
  /** Moves the streams to the other engine; offsets and cursors stay. Refused while its test fails. @throws ENGINE_UNREACHABLE, ENGINE_ONE_WAY from Kafka back to files, DISK_FULL, LOG_DAMAGED, PASSWORD_MISSING, WALLET_LOCKED */
  useEngine: procedure.input(engineSchema).output(type<GatewayView>()),
  setQuotas: procedure.input(quotaSchema).output(type<GatewayView>()),
  setOldPaths: procedure.input(z.object({ on: z.boolean() })).output(type<GatewayView>()),
  /** Newest last; never holds secrets, addresses of readers only in part. */
  log: procedure.input(z.object({ limit: z.number().int().min(1).max(200) })).output(type<readonly GatewayLogLine[]>()),
  /** @throws INSUFFICIENT_FUNDS, BOND_TOO_LOW (meta.minBond), BAD_ENDPOINT */
  prepareRegister: procedure.input(z.object({ owner: addressSchema, endpoints: z.array(z.url().max(200)).min(1).max(4), bond: amountSchema })).output(type<Proposal>()),
  /** `leave` stops new streams and asks for the bond, `take-bond` takes it after its wait. @throws GATEWAY_STATE */
  prepare: procedure.input(z.object({ id: hashSchema, action: z.enum(['set-endpoints', 'pause', 'resume', 'leave', 'take-bond']), endpoints: z.array(z.url().max(200)).max(4).optional() })).output(type<Proposal>()),
};
