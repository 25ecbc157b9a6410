/** Formatting for views, from one place. */
export * from '../format/address.ts';
export * from '../format/amount.ts';
export * from '../format/bytes.ts';
export * from '../format/duration.ts';
export * from '../format/moment.ts';
export * from '../format/number.ts';
