/** Entry of a package worker. The chunk salt is drawn here, at each encryption, and is nobody's input. */
import type { Bytes } from '../../base/bytes.ts';
import { isCoded } from '../../base/errors.ts';
import { serveTasks, type TaskResult } from '../../base/worker-pool.ts';
import { randomBytes } from '../../crypto/hash.ts';
import { matchesFacts, openChunk, sealChunk, type ChunkFacts } from './chunk.ts';
import { decodeObject, encodeObject } from './object.ts';
import { suiteOf, type Suite } from './suite.ts';
import type { PackageResult, PackageTask } from './tasks.ts';

function partsOf(suite: Suite, facts: ChunkFacts, object: Bytes): { readonly strip: Bytes; readonly ciphertext: Bytes } | null {
  try {
    const parts = decodeObject(suite, facts, object);
    return matchesFacts(suite, facts, parts.strip, parts.ciphertext) ? parts : null;
  } catch (error) {
    if (isCoded(error, 'BAD_OBJECT')) return null;
    throw error;
  }
}

function owned(bytes: Bytes): readonly ArrayBuffer[] {
  return bytes.byteLength === bytes.buffer.byteLength && bytes.buffer instanceof ArrayBuffer ? [bytes.buffer] : [];
}

function run(task: PackageTask): TaskResult<PackageResult> {
  const suite = suiteOf(task.suite);
  if (task.kind === 'seal') {
    const sealed = sealChunk(suite, task.key, task.index, Uint8Array.from(randomBytes(16)), task.plain);
    const object = encodeObject(suite, sealed);
    return { result: { kind: 'sealed', facts: sealed.facts, object }, transfer: owned(object) };
  }
  const parts = partsOf(suite, task.facts, task.object);
  if (task.kind === 'check') return { result: { kind: 'checked', matches: parts !== null, object: task.object }, transfer: owned(task.object) };
  if (parts === null) return { result: { kind: 'fault', fault: 'object', unit: null } };
  const opened = openChunk(suite, task.key, task.facts, parts.strip, parts.ciphertext);
  if ('fault' in opened) return { result: { kind: 'fault', fault: opened.fault, unit: opened.fault === 'unit' ? opened.unit : null } };
  if (!task.wanted) return { result: { kind: 'opened', plain: null } };
  return { result: { kind: 'opened', plain: opened.plain }, transfer: owned(opened.plain) };
}

serveTasks(run);
