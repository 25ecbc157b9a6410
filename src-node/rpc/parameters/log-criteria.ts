import type { Bytes } from '../../base/bytes.ts';
import type { Log } from '../../primitives/log.ts';
import { equal } from '../../base/bytes.ts';
import { mayContain } from '../../primitives/bloom.ts';
import { readBlockTag, type BlockTag } from './block-tag.ts';
import { invalidValue } from './parameter.ts';
import { readAddress, readHash, readObject } from './values.ts';

/** Which logs are wanted (docs/protocol/05 §3.5). */
export interface LogCriteria {
  readonly fromBlock: BlockTag;
  readonly toBlock: BlockTag;
  /** Any of them; empty means any at all. */
  readonly addresses: readonly Bytes[];
  /** By position: any of the hashes, or anything where the list is empty. */
  readonly topics: readonly (readonly Bytes[])[];
}

/** Addresses, and alternatives of one topic. */
const MAX_ALTERNATIVES = 1000;
const MAX_TOPICS = 4;

export function readLogCriteria(value: unknown): LogCriteria {
  const fields = readObject(value, 'filters.FilterCriteria');
  const { fromBlock, toBlock, address, topics } = fields;
  return {
    fromBlock: isAbsent(fromBlock) ? 'latest' : readBlockTag(fromBlock),
    toBlock: isAbsent(toBlock) ? 'latest' : readBlockTag(toBlock),
    addresses: isAbsent(address) ? [] : listOf(address).map(readAddress),
    topics: isAbsent(topics) ? [] : readTopics(topics),
  };
}

function isAbsent(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}

function listOf(value: unknown): readonly unknown[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (list.length > MAX_ALTERNATIVES) throw invalidValue(`more than ${MAX_ALTERNATIVES} alternatives`);
  return list;
}

function readTopics(value: unknown): readonly (readonly Bytes[])[] {
  if (!Array.isArray(value)) throw invalidValue('invalid topic(s)');
  if (value.length > MAX_TOPICS) throw invalidValue(`more than ${MAX_TOPICS} topics`);
  return value.map((position: unknown) => {
    if (isAbsent(position)) return [];
    const alternatives = listOf(position);
    return alternatives.some(isAbsent) ? [] : alternatives.map(readHash);
  });
}

/** False when a block with this bloom filter certainly has none of the logs. */
export function mayHold(criteria: LogCriteria, bloom: Bytes): boolean {
  const anyIn = (entries: readonly Bytes[]): boolean => entries.length === 0 || entries.some((entry) => mayContain(bloom, entry));
  return anyIn(criteria.addresses) && criteria.topics.every(anyIn);
}

/** Whether the log is one of those; filters with more topics than the log do not match. */
export function matches(criteria: LogCriteria, log: Log): boolean {
  const { addresses, topics } = criteria;
  if (addresses.length > 0 && !addresses.some((address) => equal(address, log.address))) return false;
  if (topics.length > log.topics.length) return false;
  return topics.every((alternatives, position) => {
    const topic = log.topics[position];
    return alternatives.length === 0 || (topic !== undefined && alternatives.some((alternative) => equal(alternative, topic)));
  });
}
