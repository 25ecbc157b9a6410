/** Whose turn it is, and what for (docs/protocol/05 §3.1). Several of these answer plain JSON numbers. */
import { toHex, type Bytes } from '../../base/bytes.ts';
import type { Chain } from '../../chain/chain.ts';
import { blockReward } from '../../chain/execution/reward.ts';
import { rnodesAtHead } from '../../dpor/rnodes.ts';
import { proposerIndexOf, termOf, type TermShape } from '../../dpor/terms.ts';
import type { Header } from '../../primitives/header.ts';
import type { RpcBackend } from '../backend.ts';
import type { BlockTag } from '../parameters/block-tag.ts';
import { BLOCK_TAG } from '../parameters/index.ts';
import { rpcError } from '../protocol/errors.ts';
import { plainNumber } from '../protocol/json.ts';
import { method, type RpcMethod } from '../protocol/method.ts';

export function committeeMethods({ chain }: RpcBackend): RpcMethod[] {
  const { dpor } = chain.network;
  const head = (): Header => chain.head.header;
  return [
    method('eth_getCurrentTerm', [], () => plainNumber(turnOf(head().number, dpor).term)),
    method('eth_getCurrentView', [], () => turnOf(head().number, dpor).view),
    method('eth_getCurrentProposerIndex', [], () => turnOf(head().number, dpor).index),
    method('eth_getCommitteeNumber', [], () => head().dpor.proposers.length),
    method('eth_getBlockGenerationInfo', [], () => {
      const { term, view, index } = turnOf(head().number, dpor);
      return {
        ProposerIndex: index,
        View: view,
        Term: plainNumber(term),
        Proposer: toHex(head().coinbase),
        BlockNumber: Number(head().number),
        TermLen: head().dpor.proposers.length,
        Proposers: head().dpor.proposers.map(toHex),
      };
    }),
    method('eth_getRNodes', [], () => rnodesAtHead(chain)?.map(({ address, reputation, inCommittee }) => ({ Address: toHex(address), Rpt: reputation, Status: inCommittee ? 0 : 1 })) ?? null),
    method('eth_getBlockReward', [BLOCK_TAG], ([tag]) => plainNumber(typeof tag === 'bigint' ? blockReward(tag) : 0n)),
    method('eth_getProposersByBlockNumber', [BLOCK_TAG], ([tag]) => proposersOf(chain, tag).map(toHex)),
    method('eth_getProposerByBlock', [BLOCK_TAG], ([tag]) => {
      const proposer = proposersOf(chain, tag)[typeof tag === 'bigint' ? turnOf(tag, dpor).index : -1];
      if (proposer === undefined) throw rpcError('CALL_FAILED', 'invalid proposers list');
      return toHex(proposer);
    }),
    method('eth_getValidatorsByBlockNumber', [BLOCK_TAG], ([tag]) => validatorsOf(chain, tag)),
  ];
}

/** Those that sign in the term of a block that is named by its number; null for others. */
export function validatorsOf({ head, network }: Chain, tag: BlockTag): readonly string[] | null {
  return typeof tag === 'bigint' && tag <= head.header.number ? network.validators.map(toHex) : null;
}

/** Block 0 counts as the last one of an unsigned 64-bit count, as other nodes count it. */
function turnOf(number: bigint, shape: TermShape): { readonly term: bigint; readonly view: number; readonly index: number } {
  const counted = number === 0n ? 1n << 64n : number;
  const inTerm = Number((counted - 1n) % BigInt(shape.termLen * shape.viewLen));
  return { term: termOf(counted, shape), view: Math.floor(inTerm / shape.termLen), index: proposerIndexOf(counted, shape) };
}

/** The list in the header of a block that is named by its number. @throws CALL_FAILED */
function proposersOf(chain: Chain, tag: BlockTag): readonly Bytes[] {
  const header = typeof tag === 'bigint' ? chain.headerByNumber(tag) : undefined;
  if (header === undefined) throw rpcError('CALL_FAILED', 'nil block');
  return header.dpor.proposers;
}
