/** What a reader needs of the subscription key of its channel; the key stays where it is (docs/protocol/11 §4.12). */
import type { Bytes } from '../../base/bytes.ts';
import type { TicketMessage, VoucherMessage } from '../../contracts/typed-data.ts';
import type { EnvelopeContent } from '../format/envelope.ts';

export interface SubscriberKeys {
  /** x ‖ y, 64 bytes; its address is the channel's payerKey. */
  readonly publicKey: Bytes;
  /** r ‖ s ‖ v, 65 bytes. */
  signTicket(ticket: TicketMessage): Promise<Bytes>;
  /** r ‖ s ‖ v, 65 bytes. */
  signVoucher(voucher: VoucherMessage): Promise<Bytes>;
  /** @throws BAD_ENVELOPE, BAD_CIPHERTEXT for bytes that were sealed to another key */
  openEnvelope(sealed: Bytes): Promise<EnvelopeContent>;
}
