/** net, web3, rpc, and what eth says about the node itself (docs/protocol/05 §3.1, §5). */
import { toHex } from '../../base/bytes.ts';
import { keccak256 } from '../../crypto/keccak.ts';
import type { RpcBackend } from '../backend.ts';
import { DATA } from '../parameters/index.ts';
import { method, type RpcMethod } from '../protocol/method.ts';
import { chainConfigView } from '../views/chain-config-view.ts';
import { quantity } from '../views/quantity.ts';

/** Version of the protocol between nodes, "cpc/1". */
const PROTOCOL_VERSION = 1;

export function nodeMethods(backend: RpcBackend): RpcMethod[] {
  const { chain, node } = backend;
  return [
    method('net_version', [], () => String(chain.network.networkId)),
    method('net_peerCount', [], () => quantity(node.peerCount())),
    method('net_listening', [], () => node.isListening()),
    method('web3_clientVersion', [], () => node.clientVersion),
    method('web3_sha3', [DATA], ([data]) => toHex(keccak256(data))),
    method('eth_protocolVersion', [], () => quantity(PROTOCOL_VERSION)),
    method('eth_chainId', [], () => quantity(chain.network.chainId)),
    method('eth_blockNumber', [], () => quantity(chain.head.header.number)),
    method('eth_gasPrice', [], () => quantity(backend.gasPrice())),
    method('eth_getChainConfig', [], () => chainConfigView(chain.network)),
    method('eth_supportPrivateTx', [], () => false),
    method('eth_mining', [], () => node.isSealing()),
    method('eth_syncing', [], () => {
      const progress = node.syncProgress();
      return progress === null ? false : syncingView(progress.startingBlock, progress.currentBlock, progress.highestBlock);
    }),
  ];
}

/** `pulledStates` and `knownStates` belong to a way of syncing that is not used; they say where this one began and where it ends. */
function syncingView(startingBlock: bigint, currentBlock: bigint, highestBlock: bigint): object {
  return {
    currentBlock: quantity(currentBlock),
    highestBlock: quantity(highestBlock),
    knownStates: quantity(highestBlock),
    pulledStates: quantity(startingBlock),
    startingBlock: quantity(startingBlock),
  };
}

/** Lists the namespaces of the other methods. */
export function modulesMethod(methods: readonly RpcMethod[]): RpcMethod {
  const namespaces = new Set(['rpc', ...methods.map(({ name }) => name.slice(0, name.indexOf('_')))]);
  return method('rpc_modules', [], () => Object.fromEntries([...namespaces].sort().map((namespace) => [namespace, '1.0'])));
}
