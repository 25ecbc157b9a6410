/** miner, admission: what is true of a node that campaigns for no seat (docs/protocol/05 §5). */
import { equal } from '../../base/bytes.ts';
import { registeredAtHead } from '../../dpor/rnodes.ts';
import type { RpcBackend } from '../backend.ts';
import { rpcError } from '../protocol/errors.ts';
import { method, privateMethod, type RpcMethod } from '../protocol/method.ts';

/** Status of a campaign that does not run. */
const IDLE = 2;

export function campaignMethods(backend: RpcBackend): RpcMethod[] {
  const { node } = backend;
  return [
    method('admission_getStatus', [], () => IDLE),
    method('admission_isRNode', [], () => isRnode(backend)),
    privateMethod('admission_abort', [], () => null), // there is nothing to end
    privateMethod('miner_stop', [], () => {
      if (node.isSealing()) throw rpcError('CALL_FAILED', 'the committee in this program seals as long as it runs');
      return true;
    }),
  ];
}

/** Whether one of the accounts that this program seals with is in the register; of accounts that only send, the server knows nothing. */
function isRnode({ chain, node }: RpcBackend): boolean {
  if (!node.isSealing()) return false;
  return registeredAtHead(chain)?.some((address) => chain.network.proposers.some((proposer) => equal(proposer, address))) ?? false;
}
