/** dpor: the committee by block (docs/protocol/05 §5). Block 0 stands for the head. */
import { toHex } from '../../base/bytes.ts';
import type { Chain } from '../../chain/chain.ts';
import { rnodesAtHead } from '../../dpor/rnodes.ts';
import type { RpcBackend } from '../backend.ts';
import type { BlockTag } from '../parameters/block-tag.ts';
import { BLOCK_TAG } from '../parameters/index.ts';
import { rpcError } from '../protocol/errors.ts';
import { method, type RpcMethod } from '../protocol/method.ts';
import { validatorsOf } from './committee-methods.ts';

export function dporMethods({ chain }: RpcBackend): RpcMethod[] {
  return [
    method('dpor_getProposers', [BLOCK_TAG], ([tag]) => proposersAt(chain, tag)),
    method('dpor_getValidators', [BLOCK_TAG], ([tag]) => validatorsOf(chain, tag)),
    method('dpor_getRNodes', [], () => {
      const rnodes = rnodesAtHead(chain);
      if (rnodes === null) throw rpcError('CALL_FAILED', 'no contract code at given address');
      return rnodes.map(({ address }) => toHex(address));
    }),
  ];
}

function proposersAt(chain: Chain, tag: BlockTag): readonly string[] {
  const header = typeof tag === 'bigint' && tag !== 0n ? chain.headerByNumber(tag) : chain.head.header;
  if (header === undefined) throw rpcError('CALL_FAILED', 'unknown block');
  return header.dpor.proposers.map(toHex);
}
