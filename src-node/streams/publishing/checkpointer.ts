/** Writes on the chain, as often as its owner chose, how far an own stream is, under the permission of the stream's own sheet (docs/protocol/11 §4.11, Checkpoint). */
import { fromHex, toHex, type Hex } from '../../base/bytes.ts';
import { toMillis, type Clock, type Millis } from '../../base/clock.ts';
import { isCoded } from '../../base/errors.ts';
import type { Logger } from '../../base/logger.ts';
import { encodeCheckpoint } from '../../contracts/bindings/pd-stream.gen.ts';
import { checkpointMandate, isCheckpointDue } from '../checkpoints.ts';
import { nextSeq } from '../format/batch.ts';
import type { GatewayEntry } from '../index/gateway-entry.ts';
import type { StreamEntry } from '../index/stream-entry.ts';
import type { StandingActions } from '../ports.ts';
import type { StreamAnchor } from '../publisher/stream-anchor.ts';
import type { PublisherChain } from '../stream-chain.ts';
import type { PublishingTable } from './publishing-table.ts';

export interface CheckpointerModules {
  readonly chain: Pick<PublisherChain, 'contracts' | 'lastCheckpoint'>;
  readonly index: { gateway(id: Hex): Pick<GatewayEntry, 'status'> | null };
  readonly table: Pick<PublishingTable, 'checkpointsOf' | 'setCheckpoints'>;
  readonly actions: StandingActions;
  readonly clock: Clock;
  readonly log: Logger;
}

/** After it was refused: gas may be too dear, or there is no money for the fee. */
const RETRY_MILLIS = 3_600_000;

export class Checkpointer {
  readonly #modules: CheckpointerModules;
  readonly #refusedAt = new Map<Hex, Millis>();

  constructor(modules: CheckpointerModules) {
    this.#modules = modules;
  }

  /** While the wallet is unlocked. What was sent and is not in a block yet is not sent again. @param anchors of this run */
  async step(stream: StreamEntry, anchors: readonly StreamAnchor[]): Promise<void> {
    const { chain, table, clock } = this.#modules;
    const plan = table.checkpointsOf(stream.id, clock.now());
    const anchor = plan === null ? null : this.#furthest(stream, anchors);
    if (plan === null || anchor === null || clock.now() - (this.#refusedAt.get(stream.id) ?? 0) < RETRY_MILLIS) return;
    const last = await chain.lastCheckpoint(fromHex(stream.id));
    const lastSeq = nextSeq(anchor.batch) - 1n;
    const due = isCheckpointDue({ every: plan.every, last: last === null ? null : { lastSeq: last.lastSeq, at: toMillis(last.timeSeconds) }, registeredAt: stream.createdAt, lastSeq }, clock.now());
    if (due) await this.#submit(stream, (last?.number ?? 0) + 1, anchor, lastSeq);
  }

  /** Of what the contract takes: keys of now, and a gateway of the list that answers for its receipts. */
  #furthest({ generation, gateways }: StreamEntry, anchors: readonly StreamAnchor[]): StreamAnchor | null {
    const taken = anchors.filter(({ batch, receipt }) => {
      const gateway = toHex(receipt.gatewayId);
      const status = this.#modules.index.gateway(gateway)?.status;
      return batch.generation === generation && gateways.includes(gateway) && (status === 'bonded' || status === 'paused');
    });
    return taken.reduce<StreamAnchor | null>((best, one) => (best === null || nextSeq(one.batch) > nextSeq(best.batch) ? one : best), null);
  }

  async #submit({ id, owner }: StreamEntry, number: number, { batch, receipt }: StreamAnchor, lastSeq: bigint): Promise<void> {
    const { actions, chain, table, clock, log } = this.#modules;
    const { gatewayId, streamId, logId, offset, firstSeq, batchHash, ts, signature } = receipt;
    const payload = encodeCheckpoint(
      id, { generation: batch.generation, epoch: batch.epoch, lastSeq, lastBatchHash: toHex(batchHash) },
      { gatewayId: toHex(gatewayId), streamId: toHex(streamId), logId, offset, firstSeq, batchHash: toHex(batchHash), ts: BigInt(ts) }, toHex(signature),
    );
    try {
      await actions.submit({ id: `stream-checkpoint:${id}:${number}`, kind: 'stream-checkpoint', account: fromHex(owner), to: chain.contracts.stream, payload, authority: { kind: 'mandate', id: checkpointMandate(id) }, subject: { kind: 'stream', id } });
    } catch (error) {
      if (!isCoded(error)) throw error;
      // A sheet that nobody signed, or keys of another machine: it will not be there an hour later either.
      if (error.code === 'MANDATE_REFUSED' && error.meta['reason'] === 'none') table.setCheckpoints(id, null);
      this.#refusedAt.set(id, clock.now());
      log.warn('how far a stream is could not be written on the chain', { stream: id, code: error.code });
    }
  }
}
