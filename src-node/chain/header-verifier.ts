/** What the chain asks of the consensus: whether a header may follow another. `dpor` answers. */
import type { Bytes } from '../base/bytes.ts';
import type { Header } from '../primitives/header.ts';

export interface HashedHeader {
  readonly header: Header;
  readonly hash: Bytes;
}

/** A header with the addresses recovered from its signatures. */
export interface SignedHeader extends HashedHeader {
  /** Of the seal; 20 zero bytes when there is none. */
  readonly author: Bytes;
  /** One per entry of `dpor.sigs`; 20 zero bytes where nothing valid stands. */
  readonly signers: readonly Bytes[];
}

export interface HeaderVerifier {
  /** Number and parent hash are checked already. @throws CodedError<BlockErrorCode> */
  verify(child: SignedHeader, parent: Header): void;
}
