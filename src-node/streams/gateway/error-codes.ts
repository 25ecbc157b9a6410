/** What a gateway refuses and why, in words that stay the same (docs/protocol/11 §4.13, "Error codes"). */

/** `now`: after doing what `help` says. `later`: the same again, after `retryAfterMillis` when it is given. `never`: it stays refused. */
export type Retry = 'now' | 'later' | 'never';

export interface GatewayErrorRow {
  /** Of HTTP. */
  readonly status: number;
  readonly retry: Retry;
  readonly message: string;
  readonly help: string;
}

function row(status: number, retry: Retry, message: string, help: string): GatewayErrorRow {
  return { status, retry, message, help };
}

export const GATEWAY_ERRORS = {
  bad_request: row(400, 'never', 'The request does not have the form that this call needs.', 'Compare it with the description at /v1/openapi.json.'),
  not_found: row(404, 'never', 'There is no such address here.', 'The calls are described at /v1/openapi.json.'),
  method_not_allowed: row(405, 'never', 'This address does not take this method.', 'The calls are described at /v1/openapi.json.'),
  host_refused: row(403, 'never', 'The request names a host that this gateway does not answer for.', "The operator adds the gateway's public name to its list of hosts."),
  body_too_large: row(413, 'never', 'The body of the request is too large.', 'Send it in smaller parts.'),
  wrong_chain: row(400, 'never', 'This was signed for another chain than the one this gateway follows.', 'Choose the network of the stream, or another gateway.'),
  wrong_gateway: row(400, 'never', 'This was signed for another gateway.', 'Take the gateway from the chain and compare it with /v1/hello.'),
  nonce_unknown: row(401, 'now', "The gateway's nonce is used or too old.", 'Ask /v1/hello for another one.'),
  ticket_required: row(401, 'now', 'This call needs a ticket and a proof of its key.', 'Get a ticket from /v1/ticket.'),
  ticket_forged: row(401, 'never', 'The ticket is not signed by who may ask for it.', 'Sign it with the key of the channel, or with the account of the publisher.'),
  ticket_unknown: row(401, 'now', 'The gateway does not know this ticket.', 'Get a new one from /v1/ticket.'),
  ticket_expired: row(401, 'now', 'The ticket is over.', 'Get a new one from /v1/ticket.'),
  /** meta.time: the gateway's, in milliseconds. */
  clock_skew: row(401, 'now', 'The time of the request is more than a minute from that of the gateway.', 'Set the clock, or use the time of /v1/hello.'),
  proof_forged: row(401, 'never', "The request is not signed by the ticket's key.", 'Sign exactly the method, the path with its query, and the body that are sent.'),
  proof_replayed: row(401, 'now', 'This very request was made before.', 'Draw new random bytes for every request.'),
  not_subscribed: row(403, 'never', 'The ticket does not allow reading this stream.', 'Subscribe to the stream, then get a ticket for its channel.'),
  publisher_only: row(403, 'never', 'Only the publisher of the stream may do this.', 'Use a ticket of the publisher.'),
  stream_unknown: row(404, 'never', 'The chain knows no such stream.', 'Compare its id with the listing.'),
  stream_retired: row(410, 'never', 'The publisher has ended this stream.', 'What is kept can still be read until its end.'),
  stream_elsewhere: row(404, 'never', 'The stream is not published through this gateway.', 'Use one of the gateways that the stream names on the chain.'),
  channel_unknown: row(404, 'never', 'The chain knows no such channel.', 'Open one, or wait until its block is there.'),
  channel_closed: row(410, 'never', 'The channel is closing, closed or past its time.', 'Open a new one to go on reading.'),
  epoch_unavailable: row(404, 'later', 'The keys of these epochs are not here.', 'They come when the epoch is paid for and the publisher is there.'),
  /** meta: owed, signed, window in units; epochTo, the epoch that waits, for time plans. */
  pay_required: row(402, 'now', 'What was delivered and not signed for is as much as this plan allows.', 'Send a voucher for it.'),
  deposit_used: row(402, 'later', 'The deposit of the channel does not pay for more.', 'Add to the deposit, or open a new channel.'),
  voucher_forged: row(401, 'never', 'The voucher is not signed by the key of its channel.', 'Sign it with the subscription key, for this chain.'),
  /** meta.why: plan, price, order. */
  voucher_invalid: row(409, 'never', 'The voucher does not pay by the plan of its channel.', 'Compute the amount from the plan; units and epochs only grow.'),
  voucher_over_deposit: row(402, 'never', 'The voucher is for more than the deposit of its channel.', 'Add to the deposit first.'),
  batch_too_large: row(413, 'never', 'The batch is larger than a batch may be.', 'At most 256 frames and 1 MiB.'),
  batch_forged: row(401, 'never', 'The batch is not signed by the publisher of its stream.', 'Sign it with the account that the chain names, for this chain.'),
  /** meta.why */
  batch_invalid: row(400, 'never', 'The batch breaks the rules of its format.', 'Look at the details of what is wrong with it.'),
  /** meta.expected: the firstSeq that is next. */
  batch_out_of_order: row(409, 'now', 'Another number is next in this stream.', 'Send the batches from that number on, or say that they are lost.'),
  /** meta: firstSeq, known (hash), header (base64: the 241 signed bytes of the batch that stays; null when it is no longer kept). */
  batch_conflict: row(409, 'never', 'The publisher signed another batch for the same numbers. Both are kept as evidence; this one is not delivered.', 'Run one publisher of this stream only, and go on behind what is there.'),
  cursor_invalid: row(400, 'never', 'This is not a cursor of this stream from this gateway.', 'Begin at "earliest", "live" or a time.'),
  /** meta.oldest: the oldest cursor that can be read from. */
  cursor_too_old: row(410, 'now', 'What stood at this place is no longer kept.', 'Go on from the oldest that is there; what is missing between is lost here.'),
  quota_rate: row(429, 'later', 'These are more requests than the gateway takes at once.', 'Wait a moment.'),
  quota_bytes: row(429, 'later', 'These are more bytes than the gateway takes or gives at once.', 'Wait a moment.'),
  quota_sockets: row(429, 'later', 'Too many connections are open.', 'Close one first.'),
  quota_peek: row(429, 'later', 'The free samples of today are used up.', 'Come back tomorrow, or subscribe.'),
  log_restored: row(503, 'later', 'The log of this gateway is shorter than what it has given receipts for.', "The operator raises the log's number on the chain first; use another gateway."),
  log_full: row(507, 'later', 'The disk of the gateway is full.', 'Use another gateway, or wait.'),
  log_unavailable: row(503, 'later', 'The log of the gateway does not answer.', 'Try again, or use another gateway.'),
  chain_unavailable: row(503, 'later', 'The gateway cannot read the chain.', 'Try again, or use another gateway.'),
  signer_unavailable: row(503, 'later', 'The gateway cannot sign receipts now.', 'Try again, or use another gateway.'),
  stopping: row(503, 'later', 'The gateway is being stopped.', 'Use another gateway, or come back.'),
  internal: row(500, 'later', 'The gateway failed.', 'Tell its operator when it happened.'),
} as const satisfies Readonly<Record<string, GatewayErrorRow>>;

export type GatewayErrorCode = keyof typeof GATEWAY_ERRORS;

export const GATEWAY_ERROR_CODES = Object.keys(GATEWAY_ERRORS) as [GatewayErrorCode, ...GatewayErrorCode[]];
