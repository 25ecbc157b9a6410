/** debug: the database of the chain (docs/protocol/05 §5). */
import type { DatabaseUpkeep } from '../../db/store.ts';
import type { RpcBackend } from '../backend.ts';
import { TEXT } from '../parameters/index.ts';
import { rpcError } from '../protocol/errors.ts';
import { privateMethod, type RpcMethod } from '../protocol/method.ts';

const PREFIX = 'leveldb.';

export function databaseMethods({ database }: Pick<RpcBackend, 'database'>): RpcMethod[] {
  return [
    /** Under its name with or without "leveldb."; "" stands for "leveldb.stats". */
    privateMethod('debug_chaindbProperty', [TEXT], ([name]) => {
      const value = onDisk(database, 'chaindbProperty').property(name.startsWith(PREFIX) ? name : `${PREFIX}${name === '' ? 'stats' : name}`);
      if (value === undefined) throw rpcError('CALL_FAILED', 'leveldb: not found');
      return value;
    }),
    privateMethod('debug_chaindbCompact', [], async () => {
      await onDisk(database, 'chaindbCompact').compact();
      return null;
    }),
  ];
}

function onDisk(database: DatabaseUpkeep | undefined, method: string): DatabaseUpkeep {
  if (database === undefined) throw rpcError('CALL_FAILED', `${method} does not work for memory databases`);
  return database;
}
