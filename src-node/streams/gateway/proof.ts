/** What the key of a ticket signs (docs/protocol/11 §4.13, "Tickets"). */
import { concat, u64be, type Bytes } from '../../base/bytes.ts';

/** keccak of these bytes is signed by the clientKey for each request: "PDP1" ‖ ticket ‖ method ‖ " " ‖ path and query ‖ SHA-256 of the body ‖ u64 time ‖ 16 random bytes. */
export function proofMessage(request: { readonly ticket: string; readonly method: string; readonly target: string; readonly bodySha256: Bytes; readonly time: number; readonly random: Bytes }): Bytes {
  return concat(Buffer.from('PDP1'), ticketBytes(request.ticket), Buffer.from(`${request.method} ${request.target}`), request.bodySha256, u64be(request.time), request.random);
}

/** keccak of these bytes is signed by the clientKey in AUTH: "PDW1" ‖ ticket ‖ the challenge of HELLO. */
export function socketProofMessage(ticket: string, challenge: Bytes): Bytes {
  return concat(Buffer.from('PDW1'), ticketBytes(ticket), challenge);
}

function ticketBytes(ticket: string): Bytes {
  return Buffer.from(ticket, 'base64url');
}
