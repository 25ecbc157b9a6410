import type { Bytes } from '../../base/bytes.ts';
import type { ReceiptMessage } from '../../contracts/typed-data.ts';

/** Signs what the gateway vouches for; 65 bytes, v 27 or 28. */
export interface ReceiptSigner {
  readonly gatewayId: Bytes;
  /** @param receipt what the digest is of: who keeps the key in another process makes the digest there again */
  sign(digest: Bytes, receipt: ReceiptMessage): Promise<Bytes>;
}
