/** What processes of a simulation say, one JSON line each: the history that the checker judges. `at` is in milliseconds since 1970. */

/** Publishers. Rows are numbered `from` … `from + count − 1`; no number is used twice. */
export type PublisherEvent =
  /** They are about to be handed to the publisher: from here on they may appear. */
  | { readonly type: 'try'; readonly stream: number; readonly from: number; readonly count: number }
  /** They were acknowledged to the device: from here on they must not be lost. */
  | { readonly type: 'ack'; readonly stream: number; readonly from: number; readonly count: number; readonly at: number }
  /** It stopped by itself. */
  | { readonly type: 'fault'; readonly what: string; readonly code: string };

/** Of one reader of one stream. */
export interface ReaderPlace {
  readonly stream: number;
  readonly reader: number;
}

export type ReaderEvent = ReaderPlace & (
  /** Handed to the application, in this order: number in the stream, number of the row, when the device had it. */
  | { readonly type: 'rows'; readonly rows: readonly (readonly [seq: number, row: number, sentAt: number])[]; readonly at: number }
  /** The reader holds batches behind a hole that begins here, so it could know; null when it holds none any more. */
  | { readonly type: 'hole'; readonly from: number | null; readonly at: number }
  /** The application was told. `late`: for how long the process was held up lately, in milliseconds. */
  | { readonly type: 'gap'; readonly from: number; readonly to: number; readonly reason: string; readonly at: number; readonly late: number }
  | { readonly type: 'fork'; readonly firstSeq: number; readonly at: number }
  | { readonly type: 'paid'; readonly units: number; readonly amount: number; readonly at: number }
  | { readonly type: 'connected' | 'disconnected'; readonly what: string; readonly at: number }
);

export type NemesisEvent =
  | { readonly type: 'nemesis'; readonly what: string; readonly at: number }
  /** The log forgot frames up to `to` while this reader was away: it may miss them, and has to say so. */
  | ({ readonly type: 'forgotten'; readonly to: number; readonly at: number } & ReaderPlace);

export type SimEvent = PublisherEvent | ReaderEvent | NemesisEvent;
