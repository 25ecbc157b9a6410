import type { FuzzTarget } from '../fuzz-target.ts';
import { header } from './header.ts';
import { keystore } from './keystore.ts';
import { rlp } from './rlp.ts';
import { rpcBody } from './rpc-body.ts';
import { transaction } from './transaction.ts';
import { trie } from './trie.ts';

export const TARGETS: Readonly<Record<string, () => FuzzTarget | Promise<FuzzTarget>>> = { rlp, trie, transaction, header, rpc: rpcBody, keystore };
