/** What a reverted call says, as coded errors: one sentence and one next step for every custom error of the contracts. */
import { AbiCoder } from 'ethers';
import { hexOf, type Bytes } from '../base/bytes.ts';
import { CodedError, type ErrorMeta } from '../base/errors.ts';
import { AbiCodec } from './abi-codec.ts';
import { ERROR_FRAGMENTS, type ContractErrorName } from './bindings/errors.gen.ts';

const RELOAD = 'Reload the page and look at the present state before you try again.';
const REPORT = 'This is a fault of the program. Report it with the details.';

/** Name in the source, code, sentence, next step. */
const REVERTS = {
  AlreadyRnode: ['ALREADY_RNODE', 'This account is already an RNode.', 'Nothing has to be done.'],
  BadParameters: ['BAD_PARAMETERS', 'The contract refuses these parameters.', 'Check them against the bounds of docs/protocol/11 §4.26.'],
  BadPoint: ['BAD_POINT', 'The key is not a usable point of the curve.', REPORT],
  BadSignature: ['SIGNATURE_MALFORMED', 'The signature has not the form that the contract takes.', REPORT],
  BadSplit: ['BAD_SPLIT', 'The shares of the payees do not sum up to 100 %, or are not those of the sale.', 'Check the list of payees.'],
  BadTime: ['BAD_TIME', 'The time lies in the past or more than 400 days ahead.', 'Choose a time between now and 400 days from now.'],
  BondNotReady: ['BOND_NOT_READY', 'The bond has not left yet.', 'Wait until the delay is over.'],
  BondTooLow: ['BOND_TOO_LOW', 'The free bond of the listing does not cover this.', 'The seller can add bond; a buyer can cancel and has the price back.'],
  BondTooSmall: ['BOND_TOO_SMALL', 'The bond is below the least that is asked here.', 'Send more; a live listing can also be paused first.'],
  ContractSender: ['CONTRACT_SENDER', 'Only an account with a key can become an RNode.', 'Use an account of the wallet.'],
  DeliveryCapReached: ['DELIVERY_CAP_REACHED', 'The delivery key has answered as much as it may in 24 hours.', 'Answer with the key of the seller, or raise the cap.'],
  DepositTooSmall: ['DEPOSIT_TOO_SMALL', 'The deposit is below the threshold of the RNode register.', 'Send at least the threshold.'],
  Disabled: ['RNODE_DISABLED', 'The RNode register takes no new members now.', 'Try again later.'],
  GatewayNotListed: ['GATEWAY_NOT_LISTED', 'The gateway of the receipt is not one of this stream.', 'Add the gateway to the stream, or use a receipt of one that is listed.'],
  KeyNotCommitted: ['KEY_NOT_COMMITTED', 'The key of this proof is not the one that was committed.', 'Another kind of proof may hold; check the order again.'],
  ListingNotOpen: ['LISTING_NOT_OPEN', 'The listing takes no orders now.', 'Wait until the seller opens it again; an order that is not ready can be cancelled.'],
  ListingRetired: ['LISTING_RETIRED', 'The listing has been retired for good.', 'Make a new listing.'],
  NoDeposit: ['NO_DEPOSIT', 'A channel needs a deposit.', 'Send CPC with the call.'],
  NoEquivocation: ['NO_EQUIVOCATION', 'The two receipts do not contradict each other.', 'Only different batches at one place of one log prove anything.'],
  NoFraud: ['NO_FRAUD', 'Nothing is wrong: the proof does not show a fraud.', 'Check the data again before you prove anything.'],
  NoPlan: ['NO_PLAN', 'The price plan is not offered.', RELOAD],
  NoSigner: ['NO_SIGNER', 'The account that signs is missing.', REPORT],
  NoVersion: ['NO_VERSION', 'The version does not exist or has been withdrawn.', RELOAD],
  NotBuyer: ['NOT_BUYER', 'Only the buyer of the order may do this.', 'Use the account that placed the order.'],
  NotEscrow: ['NOT_ESCROW', 'Only the escrow contract may do this.', REPORT],
  NotExpired: ['NOT_EXPIRED', 'The channel has not expired yet; until then only its payer may close it.', 'Wait until the time that the details name.'],
  NotGatewayOwner: ['NOT_GATEWAY_OWNER', 'Only the owner of the gateway may do this.', 'Use the account that registered the gateway.'],
  NotGatewayOwnerOrSigner: ['NOT_GATEWAY_OWNER_OR_SIGNER', 'Only the owner or the signing account of the gateway may do this.', 'Use the account that registered the gateway.'],
  NotInChunk: ['NOT_IN_CHUNK', 'The unit of the proof is not part of the chunk.', REPORT],
  NotInVersion: ['NOT_IN_VERSION', 'The chunk of the proof is not part of the version.', REPORT],
  NotOwner: ['NOT_OWNER', 'Only the owner of the register may do this.', 'Use the account that deployed it.'],
  NotPayer: ['NOT_PAYER', 'Only the payer of the channel may do this.', 'Use the account that opened the channel.'],
  NotRnode: ['NOT_RNODE', 'The account is not an RNode.', RELOAD],
  NotSeller: ['NOT_SELLER', 'Only the seller of the listing may do this.', 'Use the account that made the listing.'],
  NotSellerOrDeliveryKey: ['NOT_SELLER_OR_DELIVERY_KEY', 'Only the seller or the present delivery key may do this.', 'Use the account of the seller, or set this key as delivery key.'],
  NotStreamOwner: ['NOT_STREAM_OWNER', 'Only the owner of the stream may do this.', 'Use the account that registered the stream.'],
  NotStreamOwnerOrPublisher: ['NOT_STREAM_OWNER_OR_PUBLISHER', 'Only the owner or the present publisher of the stream may do this.', 'Use the account of the owner, or set this account as publisher.'],
  NotTheProduct: ['NOT_THE_PRODUCT', 'The points of the proof do not belong to its key.', REPORT],
  NothingToRedeem: ['NOTHING_TO_REDEEM', 'The channel has already paid as much as this voucher is worth.', 'Nothing has to be done; redeem a voucher of a higher amount.'],
  NothingToWithdraw: ['NOTHING_TO_WITHDRAW', 'There is nothing to pay out.', 'Nothing has to be done.'],
  OutOfRange: ['OUT_OF_RANGE', 'A value lies outside the bounds of the contract.', 'Check the values against docs/protocol/11 §4.26.'],
  PaymentFailed: ['PAYMENT_FAILED', 'The receiver refuses the payment.', 'A contract that should be paid must accept CPC.'],
  PriceTooHigh: ['PRICE_TOO_HIGH', 'The price is above the most you allowed.', RELOAD],
  PriceTooLow: ['PRICE_TOO_LOW', 'The price is below the least price of the market.', 'Ask for at least the least price.'],
  Reentered: ['REENTERED', 'A contract called back while it was being paid.', 'Withdraw to an account with a key.'],
  SeqNotRising: ['SEQ_NOT_RISING', 'The stream has a checkpoint at this message or a later one.', 'Nothing has to be done; the next checkpoint has to reach further.'],
  StillLocked: ['STILL_LOCKED', 'The deposit is still locked.', 'Wait until the lock is over.'],
  StreamIsOver: ['STREAM_IS_OVER', 'The stream has ended for good.', 'Register a new stream.'],
  TermsChanged: ['TERMS_CHANGED', 'The offer has changed since you saw it. Nothing was paid.', 'Look at the new terms, then buy again if you like them.'],
  TooEarly: ['TOO_EARLY', 'The time of the other party is not over yet.', 'Wait for the block that the details name.'],
  TooManyOpenOrders: ['TOO_MANY_OPEN_ORDERS', 'You have as many open orders here as this seller allows.', 'Finish one of them first.'],
  UnknownEther: ['UNKNOWN_ETHER', 'The contract takes CPC only with an order.', 'Do not send CPC to this address.'],
  UnknownSuite: ['UNKNOWN_SUITE', 'The version uses a cipher suite that this market does not know.', 'Do not buy it: a fault could not be proven.'],
  UriTooLong: ['URI_TOO_LONG', 'The address of the metadata has more than 256 bytes.', 'Use a content address.'],
  VersionTooOld: ['VERSION_TOO_OLD', 'The register asks for a newer program.', 'Update the program.'],
  WrongBuyerKey: ['WRONG_BUYER_KEY', 'The key was wrapped for another buyer key.', REPORT],
  WrongChannelStatus: ['WRONG_CHANNEL_STATUS', 'The channel is in another state by now.', RELOAD],
  WrongGatewayStatus: ['WRONG_GATEWAY_STATUS', 'The gateway is in another state by now.', RELOAD],
  WrongLength: ['WRONG_LENGTH', 'The unit of the proof has not the length that was committed.', REPORT],
  WrongNonce: ['WRONG_NONCE', 'This has already been done: the number is used.', RELOAD],
  WrongOpening: ['WRONG_OPENING', 'The points of the proof are not those of the order.', REPORT],
  WrongPlan: ['WRONG_PLAN', 'The voucher was signed for another price plan than that of its channel.', REPORT],
  WrongReceipt: ['WRONG_RECEIPT', 'The receipt does not belong to this batch of this stream.', REPORT],
  WrongSigner: ['WRONG_SIGNER', 'Somebody else signed this, or it was signed for another contract or chain.', 'Check the network; ask for a signature of the right key.'],
  WrongState: ['WRONG_STATE', 'The order is in another state by now.', RELOAD],
  WrongValue: ['WRONG_VALUE', 'The payment is not exactly the price.', RELOAD],
} as const satisfies Readonly<Record<ContractErrorName, readonly [code: string, message: string, help: string]>>;

/** CONTRACT_REVERTED: no reason, or a reason of a contract that is not ours. */
export type ContractRevertCode = (typeof REVERTS)[ContractErrorName][0] | 'CONTRACT_REVERTED';

const codec = new AbiCodec(ERROR_FRAGMENTS);

/** `Error(string)` of plain require statements. */
const REASON_SELECTOR = '08c379a0';
const MAX_REASON = 200;

/** The return data of a reverted call as an error; arguments of the custom error stand in `meta`, numbers as decimal text. */
export function revertError(returnData: Bytes): CodedError<ContractRevertCode> {
  const parsed = codec.error(returnData);
  if (parsed === null || !isKnown(parsed.name)) {
    const reason = reasonOf(returnData);
    return new CodedError('CONTRACT_REVERTED', reason === '' ? 'The contract refused the call without a reason.' : `The contract refused the call: ${reason}`, {
      help: RELOAD,
      meta: { text: reason },
    });
  }
  const [code, message, help] = REVERTS[parsed.name];
  return new CodedError(code, message, { help, meta: metaOf(parsed.args) });
}

function isKnown(name: string): name is ContractErrorName {
  return name in REVERTS;
}

function metaOf(args: Readonly<Record<string, unknown>>): ErrorMeta {
  return Object.fromEntries(Object.entries(args).map(([name, value]) => [name, String(value)]));
}

/** Empty when there is no text, or none that decodes. */
function reasonOf(returnData: Bytes): string {
  if (hexOf(returnData.subarray(0, 4)) !== REASON_SELECTOR) return '';
  try {
    return String(AbiCoder.defaultAbiCoder().decode(['string'], returnData.subarray(4))[0]).slice(0, MAX_REASON);
  } catch {
    return '';
  }
}
