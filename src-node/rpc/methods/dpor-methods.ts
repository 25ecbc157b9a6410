/** dpor: the committee by block (docs/protocol/05 §5). Block 0 stands for the head. */
import { toHex, type Bytes } from '../../base/bytes.ts';
import type { Chain } from '../../chain/chain.ts';
import type { HashedHeader } from '../../chain/header-verifier.ts';
import { registeredAtHead } from '../../dpor/rnodes.ts';
import { Snapshots } from '../../dpor/snapshots.ts';
import type { RpcBackend } from '../backend.ts';
import type { BlockTag } from '../parameters/block-tag.ts';
import { BLOCK_TAG, HASH } from '../parameters/index.ts';
import { rpcError } from '../protocol/errors.ts';
import { method, type RpcMethod } from '../protocol/method.ts';
import { snapshotView } from '../views/snapshot-view.ts';
import { validatorsOf } from './committee-methods.ts';

export function dporMethods({ chain }: RpcBackend): RpcMethod[] {
  const snapshots = new Snapshots({ chain });
  return [
    method('dpor_getSnapshot', [BLOCK_TAG], ([tag]) => snapshotView(snapshots.at(known(blockAt(chain, tag))))),
    method('dpor_getSnapshotAtHash', [HASH], ([hash]) => snapshotView(snapshots.at(known(headerOfHash(chain, hash))))),
    method('dpor_getProposers', [BLOCK_TAG], ([tag]) => known(blockAt(chain, tag)).header.dpor.proposers.map(toHex)),
    method('dpor_getValidators', [BLOCK_TAG], ([tag]) => validatorsOf(chain, tag)),
    method('dpor_getRNodes', [], () => {
      const rnodes = registeredAtHead(chain);
      if (rnodes === null) throw rpcError('CALL_FAILED', 'no contract code at given address');
      return rnodes.map(toHex);
    }),
  ];
}

function blockAt(chain: Chain, tag: BlockTag): HashedHeader | undefined {
  if (typeof tag !== 'bigint' || tag === 0n) return chain.head;
  const hash = chain.hashAt(tag);
  return hash === undefined ? undefined : headerOfHash(chain, hash);
}

function headerOfHash(chain: Chain, hash: Bytes): HashedHeader | undefined {
  const header = chain.headerByHash(hash);
  return header === undefined ? undefined : { header, hash };
}

/** @throws CALL_FAILED */
function known(block: HashedHeader | undefined): HashedHeader {
  if (block === undefined) throw rpcError('CALL_FAILED', 'unknown block');
  return block;
}
