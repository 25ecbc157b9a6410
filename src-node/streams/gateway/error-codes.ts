/** What a gateway refuses and why, in words that stay the same (docs/protocol/11 §4.13, "Error codes"). */

/** `now`: after doing what `help` says. `later`: the same again, after `retryAfterMillis` when it is given. `never`: it stays refused. */
export type Retry = 'now' | 'later' | 'never';

/** HTTP status and retry of each code. */
export const GATEWAY_ERRORS = {
  bad_request: [400, 'never'],
  not_found: [404, 'never'],
  method_not_allowed: [405, 'never'],
  host_refused: [403, 'never'],
  body_too_large: [413, 'never'],
  wrong_chain: [400, 'never'],
  wrong_gateway: [400, 'never'],
  nonce_unknown: [401, 'now'],
  ticket_required: [401, 'now'],
  ticket_forged: [401, 'never'],
  ticket_unknown: [401, 'now'],
  ticket_expired: [401, 'now'],
  /** meta.time: the gateway's, in milliseconds. */
  clock_skew: [401, 'now'],
  proof_forged: [401, 'never'],
  proof_replayed: [401, 'now'],
  not_subscribed: [403, 'never'],
  publisher_only: [403, 'never'],
  stream_unknown: [404, 'never'],
  stream_retired: [410, 'never'],
  /** The stream does not name this gateway. */
  stream_elsewhere: [404, 'never'],
  channel_unknown: [404, 'never'],
  channel_closed: [410, 'never'],
  /** No key envelope or public key is here for what was asked. */
  epoch_unavailable: [404, 'later'],
  /** meta: owed, signed, window (units), epochTo (the epoch that waits). */
  pay_required: [402, 'now'],
  /** The deposit of the channel does not pay for more. */
  deposit_used: [402, 'later'],
  voucher_forged: [401, 'never'],
  /** Its plan is not that of the channel, or its amount does not pay for its units. */
  voucher_invalid: [409, 'never'],
  voucher_over_deposit: [402, 'never'],
  batch_too_large: [413, 'never'],
  batch_forged: [401, 'never'],
  batch_invalid: [400, 'never'],
  /** meta.expected: the firstSeq that is next. */
  batch_out_of_order: [409, 'now'],
  /** The publisher signed another batch for the same numbers; both are kept as evidence. meta: firstSeq, known (hash). */
  batch_conflict: [409, 'never'],
  cursor_invalid: [400, 'never'],
  /** meta.oldest: the oldest cursor that can be read from. */
  cursor_too_old: [410, 'now'],
  quota_rate: [429, 'later'],
  quota_bytes: [429, 'later'],
  quota_sockets: [429, 'later'],
  quota_peek: [429, 'later'],
  /** The log is shorter than what was receipted: it must be given a new number on the chain first. */
  log_restored: [503, 'later'],
  log_full: [507, 'later'],
  log_unavailable: [503, 'later'],
  chain_unavailable: [503, 'later'],
  stopping: [503, 'later'],
  internal: [500, 'later'],
} as const satisfies Readonly<Record<string, readonly [status: number, retry: Retry]>>;

export type GatewayErrorCode = keyof typeof GATEWAY_ERRORS;

export const GATEWAY_ERROR_CODES = Object.keys(GATEWAY_ERRORS) as [GatewayErrorCode, ...GatewayErrorCode[]];
