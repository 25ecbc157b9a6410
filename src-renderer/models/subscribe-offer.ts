/** What the sheet of a subscription proposes before anything was typed: round sums that the account has. */
const CPC = 10n ** 18n;
const SMALLEST = CPC / 100n;
/** The deposit lasts about this many days. */
const DAYS = 30n;
/** Where nobody knows what a day comes to. */
const UNKNOWN_DEPOSIT = 10n * CPC;
const UNKNOWN_CAP = CPC;

export interface SubscribeOffer {
  /** Null while nothing that can be read is written. */
  readonly deposit: bigint | null;
  readonly capPerDay: bigint;
}

/** @param day what a day comes to; null where that is not known, as is 0: nothing came of late @param balance of the account that pays, null where it is not known @param typed the deposit that a person wrote instead */
export function subscribeOffer(day: bigint | null, balance: bigint | null, typed?: bigint | null): SubscribeOffer {
  const isKnown = day !== null && day > 0n;
  const deposit = typed === undefined ? offeredDeposit(isKnown ? roundUp(day * DAYS) : UNKNOWN_DEPOSIT, balance) : typed;
  const cap = isKnown ? roundUp(day * 2n) : UNKNOWN_CAP;
  return { deposit, capPerDay: deposit !== null && deposit < cap ? deposit : cap };
}

/** The other half of the account stays for fees and for what else it is there for. */
function offeredDeposit(wanted: bigint, balance: bigint | null): bigint {
  return balance === null || wanted <= balance / 2n ? wanted : roundDown(balance / 2n);
}

/** To the next sum of two figures, in hundredths of a CPC at least. */
function roundUp(amount: bigint): bigint {
  const unit = unitOf(amount, SMALLEST);
  return ((amount + unit - 1n) / unit) * unit;
}

/** To two figures, however little it is. */
function roundDown(amount: bigint): bigint {
  return amount - (amount % unitOf(amount, 1n));
}

function unitOf(amount: bigint, least: bigint): bigint {
  let unit = least;
  while (amount / unit >= 100n) unit *= 10n;
  return unit;
}
