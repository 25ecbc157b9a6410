/** admin: the node itself and the files of its chain (docs/protocol/05 §5). */
import { stat } from 'node:fs/promises';
import { toHex } from '../../base/bytes.ts';
import { fileError, systemFiles } from '../../base/files.ts';
import { exportTo, importFrom } from '../../chain/file/exchange.ts';
import type { RpcBackend } from '../backend.ts';
import { TEXT } from '../parameters/index.ts';
import { rpcError } from '../protocol/errors.ts';
import { method, privateMethod, type RpcMethod } from '../protocol/method.ts';
import { chainConfigView } from '../views/chain-config-view.ts';
import { requireWholePath } from './whole-path.ts';

export function adminMethods(backend: RpcBackend): RpcMethod[] {
  const { chain, dataDir } = backend;
  return [
    method('admin_peers', [], () => []), // nobody connects, and net_peerCount says so
    method('admin_nodeInfo', [], () => nodeInfo(backend)),
    ...(dataDir === undefined ? [] : [privateMethod('admin_datadir', [], () => dataDir)]),
    privateMethod('admin_exportChain', [TEXT], async ([file]) => {
      requireWholePath(file);
      if (await systemFiles.exists(file)) throw rpcError('CALL_FAILED', 'there is a file of this name already');
      await exportTo(file, chain);
      return true;
    }),
    privateMethod('admin_importChain', [TEXT], async ([file], { closed }) => {
      requireWholePath(file);
      await requireFile(file);
      // The chain is closed only when its imports have ended: one whose program has gone ends before.
      await importFrom(file, chain, { signal: closed }).catch((error: unknown) => {
        throw closed.aborted ? rpcError('CALL_FAILED', 'the connection ended; the blocks before stay') : error;
      });
      return true;
    }),
  ];
}

/** A node that takes no connections has no identity among peers, and no place where they find it. */
function nodeInfo({ chain, node }: RpcBackend): object {
  const { head, genesisHash, network } = chain;
  return {
    id: '',
    name: node.clientVersion,
    enode: '',
    ip: '',
    ports: { discovery: 0, listener: 0 },
    listenAddr: '',
    protocols: { cpc: { network: network.networkId, height: Number(head.header.number), genesis: toHex(genesisHash), config: chainConfigView(network), head: toHex(head.hash) } },
  };
}

/** A pipe or a device may never end, and blocks come in one import after the other. @throws CodedError<FileErrorCode>, CALL_FAILED */
async function requireFile(file: string): Promise<void> {
  const found = await stat(file).catch((error: unknown) => {
    throw fileError(error, file);
  });
  if (!found.isFile()) throw rpcError('CALL_FAILED', 'this is no file');
}
