import { toHex } from '../../base/bytes.ts';
import { millis, type Millis } from '../../base/clock.ts';
import type { HashedHeader } from '../../chain/header-verifier.ts';
import type { RpcBackend } from '../backend.ts';
import type { LogCriteria } from '../parameters/log-criteria.ts';
import { rpcError } from '../protocol/errors.ts';
import { newIdentifier } from '../protocol/session.ts';
import { logView } from '../views/log-view.ts';
import type { BlockFeed } from './block-feed.ts';
import { checkRange, followsBlock, logsOfBlock } from './log-search.ts';

/** Without a question for this long a filter is forgotten (docs/protocol/05 §3.5). */
const LIFETIME = millis(5 * 60 * 1000);
const MAX_FILTERS = 1000;
/** What one filter keeps between two questions; the oldest leave. */
const MAX_CHANGES = 10_000;

interface Filter {
  /** Of a filter of logs. */
  readonly criteria: LogCriteria | undefined;
  readonly stop: () => void;
  changes: unknown[];
  asked: Millis;
}

/** Filters that are asked for what is new. */
export class FilterRegistry {
  readonly #backend: RpcBackend;
  readonly #feed: BlockFeed;
  readonly #filters = new Map<string, Filter>();

  constructor(modules: { readonly backend: RpcBackend; readonly feed: BlockFeed }) {
    this.#backend = modules.backend;
    this.#feed = modules.feed;
  }

  addBlocks(): string {
    return this.#add((add) => this.#feed.on(({ hash }) => add([toHex(hash)])));
  }

  addPendingTransactions(): string {
    return this.#add((add) => this.#backend.pool.events.on('promoted', ({ hash }) => add([toHex(hash)])));
  }

  /** @throws CALL_FAILED for a range that is none */
  addLogs(criteria: LogCriteria): string {
    checkRange(criteria);
    const { chain } = this.#backend;
    const logsOf = (block: HashedHeader): unknown[] => (followsBlock(criteria, block.header.number) ? logsOfBlock(chain, criteria, block).map(logView) : []);
    return this.#add((add) => this.#feed.on((block) => add(logsOf(block))), criteria);
  }

  /** What is new since the last question. @throws CALL_FAILED */
  takeChanges(identifier: string): readonly unknown[] {
    const filter = this.#get(identifier);
    const { changes } = filter;
    filter.changes = [];
    return changes;
  }

  /** @throws CALL_FAILED when it is no filter of logs */
  criteriaOf(identifier: string): LogCriteria {
    const { criteria } = this.#get(identifier);
    if (criteria === undefined) throw rpcError('CALL_FAILED', 'filter not found');
    return criteria;
  }

  /** @returns whether there was such a filter */
  remove(identifier: string): boolean {
    this.#filters.get(identifier)?.stop();
    return this.#filters.delete(identifier);
  }

  close(): void {
    for (const identifier of [...this.#filters.keys()]) this.remove(identifier);
  }

  #add(start: (add: (changes: readonly unknown[]) => void) => () => void, criteria?: LogCriteria): string {
    this.#forgetOld();
    if (this.#filters.size >= MAX_FILTERS) throw rpcError('CALL_FAILED', 'too many filters');
    const identifier = newIdentifier();
    const add = (changes: readonly unknown[]): void => {
      const filter = this.#filters.get(identifier);
      if (filter !== undefined && changes.length > 0) filter.changes = [...filter.changes, ...changes].slice(-MAX_CHANGES);
    };
    this.#filters.set(identifier, { criteria, stop: start(add), changes: [], asked: this.#backend.clock.now() });
    return identifier;
  }

  #get(identifier: string): Filter {
    this.#forgetOld();
    const filter = this.#filters.get(identifier);
    if (filter === undefined) throw rpcError('CALL_FAILED', 'filter not found');
    filter.asked = this.#backend.clock.now();
    return filter;
  }

  #forgetOld(): void {
    const deadline = this.#backend.clock.now() - LIFETIME;
    for (const [identifier, { asked }] of this.#filters) if (asked < deadline) this.remove(identifier);
  }
}
