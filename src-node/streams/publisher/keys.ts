/** What a publisher needs of the keys of its stream; they stay where they are (docs/protocol/11 §4.11). */
import type { Bytes } from '../../base/bytes.ts';
import type { TicketMessage } from '../../contracts/typed-data.ts';
import type { RunKeys } from '../format/seal-run.ts';

export interface PublisherKeys extends RunKeys {
  /** Of the account that the stream's record names, 20 bytes. */
  readonly address: Bytes;
  /** r ‖ s ‖ v, 65 bytes. */
  signTicket(ticket: TicketMessage): Promise<Bytes>;
}
