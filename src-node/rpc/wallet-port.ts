import type { Bytes } from '../base/bytes.ts';
import type { AskedSignature, AskedTransaction, Asker } from '../wallet/program-request.ts';

/** What authorised programs may ask of the wallet; `node.ts` and its neighbours wire it. Nothing is signed here: a person decides in the window. */
export interface WalletPort {
  /** The default one first. */
  addresses(): Promise<readonly Bytes[]>;
  isUnlocked(): Promise<boolean>;
  lock(): Promise<void>;
  /** Resolves with the hash once it is signed and the node has it. @throws any CodedError, in the words that the program is answered */
  askTransaction(asked: Omit<AskedTransaction, 'kind'>, asker: Asker): Promise<Bytes>;
  /** Resolves with r, s and V. @throws as `askTransaction` */
  askSignature(asked: Omit<AskedSignature, 'kind'>, asker: Asker): Promise<Bytes>;
}
