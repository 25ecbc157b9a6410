// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {BlockClock} from "./lib/BlockClock.sol";
import {Curve, Point} from "./lib/Curve.sol";
import {EscrowEvents} from "./lib/EscrowEvents.sol";
import {Answered, EscrowParameters, FraudKind, Order, Purchase, State} from "./lib/EscrowTypes.sol";
import {Offer} from "./lib/ListingTypes.sol";
import {Split} from "./lib/Split.sol";
import {KeyOpening, Leaf, PDFraud, UnitOpening} from "./PDFraud.sol";
import {PDListing} from "./PDListing.sol";

/// Orders of datasets (docs/protocol/11 §4.6, §4.7). No owner, no pause, no upgrade: a new version is a new address.
contract PDEscrow is EscrowEvents {
    uint256 private constant BPS = 10_000;
    uint256 private constant MAX_FEE_BPS = 100;
    uint256 private constant MAX_SPAN = 7 days;
    uint256 private constant CAP_SPAN = 1 days;
    address private constant FIRE = 0x000000000000000000000000000000000000dEaD;

    PDListing public immutable listings;
    PDFraud public immutable fraud;
    uint64 public immutable chainId;
    bytes32 public immutable genesisHash;
    uint32 public immutable periodMs;
    uint16 public immutable feeBps;
    uint16 public immutable bondBps;
    uint16 public immutable expiryBps;
    uint128 public immutable minReserve;
    uint128 public immutable proofAllowance;
    uint16 public immutable grace;
    uint32 public immutable readyTime;
    uint32 public immutable cancelTime;

    mapping(bytes32 => Order) private orders;
    /// The number that the buyer's next order has to name.
    mapping(address => uint64) public nonces;
    mapping(address => uint128) public balances;
    mapping(bytes32 => mapping(address => uint16)) private openOrders;
    mapping(bytes32 => Answered) private answered;
    /// To be sent to the fire by `sweepBurn`.
    uint128 public burnt;
    bool private paying;

    modifier unlocked() {
        if (paying) revert Reentered();
        _;
    }

    constructor(PDListing listings_, PDFraud fraud_, EscrowParameters memory p) {
        bool money = p.feeBps <= MAX_FEE_BPS && p.bondBps <= BPS && p.expiryBps <= p.bondBps && p.minReserve > 0;
        bool times = isSpan(p.readyTime) && isSpan(p.cancelTime) && p.grace > 0;
        if (!money || !times || p.proofAllowance > p.minReserve || fraud_.unitSize(1) == 0) revert BadParameters();
        if (listings_.escrow() != address(this) || listings_.chainId() != p.chainId || listings_.periodMs() != p.periodMs) {
            revert BadParameters();
        }
        listings = listings_;
        fraud = fraud_;
        chainId = p.chainId;
        genesisHash = p.genesisHash;
        periodMs = p.periodMs;
        feeBps = p.feeBps;
        bondBps = p.bondBps;
        expiryBps = p.expiryBps;
        minReserve = p.minReserve;
        proofAllowance = p.proofAllowance;
        grace = p.grace;
        readyTime = p.readyTime;
        cancelTime = p.cancelTime;
    }

    /// Forfeited bond comes in this way; any other ether without an order is refused.
    receive() external payable {
        if (msg.sender != address(listings)) revert UnknownEther();
    }

    // ------------------------------------------------------------------ buyer

    /// Buys at exactly the terms that the buyer has seen, with exactly the price as value. `ready` says in advance what
    /// the call `ready` says.
    function place(Purchase calldata p) external payable unlocked returns (bytes32 id) {
        uint64 nonce = nonces[msg.sender];
        if (p.nonce != nonce) revert WrongNonce(nonce);
        nonces[msg.sender] = nonce + 1;
        if (!Curve.isPoint(p.buyerKey)) revert BadPoint();
        Offer memory offer = listings.offerOf(p.listing, p.version, p.planId);
        bytes32 termsHash = termsHashOf(p, offer);
        if (termsHash != p.termsHash) revert TermsChanged(termsHash);
        uint128 price = offer.plan.price;
        if (price > p.maxPrice) revert PriceTooHigh(price);
        if (msg.value != price) revert WrongValue(price);
        if (fraud.unitSize(offer.version.suite) == 0) revert UnknownSuite();

        id = keccak256(abi.encode(address(this), uint256(chainId), msg.sender, uint256(nonce)));
        Order storage order = orders[id];
        order.buyer = msg.sender;
        order.state = State.Funded;
        order.version = p.version;
        order.deadline = fromNow(readyTime);
        order.price = price;
        order.listing = p.listing;
        order.termsHash = termsHash;
        order.splitHash = offer.plan.splitHash;
        order.buyerKeyHash = keccak256(abi.encode(p.buyerKey));
        emitPlaced(id, order, p);
        if (p.ready) start(id, order);
    }

    /// Says: I hold every byte of this version, and it matches dataRoot. Without it no key can be posted.
    function ready(bytes32 id, bytes32 termsHash) external unlocked {
        Order storage order = inState(id, State.Funded);
        onlyBuyer(order);
        if (termsHash != order.termsHash) revert TermsChanged(order.termsHash);
        start(id, order);
    }

    /// At once, while the seller may not answer yet.
    function cancel(bytes32 id) external unlocked {
        Order storage order = inState(id, State.Funded);
        onlyBuyer(order);
        refund(id, order, State.Cancelled);
    }

    /// After `ready` the seller keeps a while to answer: a key that is on its way must not be had for nothing.
    function requestCancel(bytes32 id) external unlocked {
        Order storage order = inState(id, State.Ready);
        onlyBuyer(order);
        order.state = State.Cancelling;
        order.cancelDeadline = fromNow(cancelTime);
        emit CancelRequested(order.listing, order.buyer, id, order.cancelDeadline);
    }

    /// Pays the seller before the dispute window is over.
    function confirm(bytes32 id, address[] calldata payees, uint16[] calldata shares) external unlocked {
        Order storage order = inState(id, State.Keyed);
        onlyBuyer(order);
        settle(id, order, payees, shares);
    }

    // ------------------------------------------------------------------ seller

    /// E and W of docs/protocol/11 §4.6, for the buyer's key with this hash. Accepted until somebody closes the order.
    function postKey(bytes32 id, Point calldata ephemeral, bytes32 wrapped, bytes32 buyerKeyHash) external unlocked {
        Order storage order = orders[id];
        if (order.state != State.Ready && order.state != State.Cancelling) revert WrongState(order.state);
        (address seller, address deliveryKey, uint128 cap, uint32 disputeTime) = listings.deliveryOf(order.listing);
        if (msg.sender != seller) {
            if (msg.sender != deliveryKey) revert NotSellerOrDeliveryKey();
            countAnswer(order.listing, order.price, cap);
        }
        if (buyerKeyHash != order.buyerKeyHash) revert WrongBuyerKey();
        if (!Curve.isPoint(ephemeral)) revert BadPoint();
        order.state = State.Keyed;
        order.deadline = fromNow(disputeTime);
        order.postedHash = keccak256(abi.encode(ephemeral, wrapped));
        emit KeyPosted(order.listing, order.buyer, id, ephemeral.x, ephemeral.y, wrapped, order.deadline);
    }

    /// The seller does not deliver; the buyer has his price back, nobody is at fault.
    function decline(bytes32 id) external unlocked {
        Order storage order = orders[id];
        if (order.state != State.Funded && order.state != State.Ready && order.state != State.Cancelling) revert WrongState(order.state);
        (address seller, address deliveryKey,,) = listings.deliveryOf(order.listing);
        if (msg.sender != seller && msg.sender != deliveryKey) revert NotSellerOrDeliveryKey();
        refund(id, order, State.Cancelled);
    }

    // ------------------------------------------------------------------ anyone

    function finalizeCancel(bytes32 id) external unlocked {
        Order storage order = inState(id, State.Cancelling);
        checkOver(order.cancelDeadline);
        refund(id, order, State.Cancelled);
    }

    /// FUNDED lapses without fault; READY and CANCELLING expire, and a part of the reserve is burnt: it was the seller's turn.
    function expire(bytes32 id) external unlocked {
        Order storage order = orders[id];
        if (order.state == State.Funded) {
            checkOver(order.deadline);
            refund(id, order, State.Lapsed);
        } else {
            if (order.state != State.Ready && order.state != State.Cancelling) revert WrongState(order.state);
            checkOver(order.deadline);
            refund(id, order, State.Expired);
        }
    }

    function claim(bytes32 id, address[] calldata payees, uint16[] calldata shares) external unlocked {
        Order storage order = inState(id, State.Keyed);
        checkOver(order.deadline);
        settle(id, order, payees, shares);
    }

    function proveWrongKey(bytes32 id, KeyOpening calldata opening) external unlocked {
        Order storage order = inState(id, State.Keyed);
        checkOpening(order, opening);
        fraud.wrongKey(listings.packOf(order.listing, order.version), id, opening);
        compensate(id, order, FraudKind.WrongKey);
    }

    /// Publishes K of the version: its calldata opens the data to everyone.
    function proveBadKeyLeaf(bytes32 id, KeyOpening calldata opening, Leaf calldata leaf, bytes32[] calldata path) external unlocked {
        Order storage order = inState(id, State.Keyed);
        checkOpening(order, opening);
        fraud.badKeyLeaf(listings.packOf(order.listing, order.version), id, opening, leaf, path);
        compensate(id, order, FraudKind.BadKeyLeaf);
    }

    /// Publishes the key of one chunk.
    function proveBadUnit(bytes32 id, Leaf calldata leaf, bytes32[] calldata path, UnitOpening calldata unit) external unlocked {
        Order storage order = inState(id, State.Keyed);
        fraud.badUnit(listings.packOf(order.listing, order.version), leaf, path, unit);
        compensate(id, order, FraudKind.BadUnit);
    }

    /// Pays a balance to its owner, whoever calls. The one call to foreign code: nothing may come back in.
    function withdraw(address account) external unlocked {
        uint128 amount = balances[account];
        if (amount == 0) revert NothingToWithdraw();
        balances[account] = 0;
        emit Withdrawn(account, amount);
        send(account, amount);
    }

    function sweepBurn() external unlocked {
        uint128 amount = burnt;
        if (amount == 0) revert NothingToWithdraw();
        burnt = 0;
        emit BurnSwept(amount);
        send(FIRE, amount);
    }

    // ------------------------------------------------------------------ views

    function orderOf(bytes32 id) external view returns (Order memory) {
        return orders[id];
    }

    /// READY, CANCELLING and KEYED orders of a buyer at a listing.
    function openOrdersOf(bytes32 listing, address buyer) external view returns (uint16) {
        return openOrders[listing][buyer];
    }

    // ------------------------------------------------------------------ moves

    function start(bytes32 id, Order storage order) private {
        uint128 reserve = larger(uint128((uint256(order.price) * bondBps) / BPS), minReserve);
        (uint32 keyTime, uint16 maximum) = listings.reserve(order.listing, reserve);
        uint16 open = openOrders[order.listing][order.buyer];
        if (maximum > 0 && open >= maximum) revert TooManyOpenOrders(maximum);
        openOrders[order.listing][order.buyer] = open + 1;
        order.state = State.Ready;
        order.reserve = reserve;
        order.deadline = fromNow(keyTime);
        emit OrderReady(order.listing, order.buyer, id, reserve, order.deadline);
    }

    /// The price goes back; of the reserve, if there is one, `expiryBps` of the price is burnt when the order expired.
    function refund(bytes32 id, Order storage order, State state) private {
        uint128 penalty = state == State.Expired ? uint128((uint256(order.price) * expiryBps) / BPS) : 0;
        close(id, order, state, penalty);
        balances[order.buyer] += order.price;
        burn(id, order, penalty);
    }

    function settle(bytes32 id, Order storage order, address[] calldata payees, uint16[] calldata shares) private {
        if (Split.hash(payees, shares) != order.splitHash) revert BadSplit();
        close(id, order, State.Settled, 0);
        uint128 fee = uint128((uint256(order.price) * feeBps) / BPS);
        uint128 rest = order.price - fee;
        uint128 first = rest;
        for (uint256 i = 1; i < payees.length; i++) {
            uint128 part = uint128((uint256(rest) * shares[i]) / Split.WHOLE);
            balances[payees[i]] += part;
            first -= part;
        }
        balances[payees[0]] += first;
        burn(id, order, fee);
    }

    /// The whole reserve is forfeit: the buyer gets the price, the cost of the proof and half of the rest.
    function compensate(bytes32 id, Order storage order, FraudKind kind) private {
        uint128 compensation = proofAllowance + (order.reserve - proofAllowance) / 2;
        emit FraudProven(order.listing, order.buyer, id, kind, compensation);
        close(id, order, State.Fraud, order.reserve);
        balances[order.buyer] += order.price + compensation;
        burn(id, order, order.reserve - compensation);
    }

    function close(bytes32 id, Order storage order, State state, uint128 forfeit) private {
        order.state = state;
        if (order.reserve > 0) {
            openOrders[order.listing][order.buyer] -= 1;
            listings.release(order.listing, order.reserve, forfeit);
        }
        emit OrderClosed(order.listing, order.buyer, id, state);
    }

    function burn(bytes32 id, Order storage order, uint128 amount) private {
        if (amount == 0) return;
        burnt += amount;
        emit FeeBurnt(order.listing, order.buyer, id, amount);
    }

    /// Sums what a delivery key answers in windows of 24 h of blocks; the rest needs the seller's own key.
    function countAnswer(bytes32 listing, uint128 price, uint128 cap) private {
        Answered storage window = answered[listing];
        if (window.since == 0 || block.number >= window.since + BlockClock.blocksOf(CAP_SPAN, periodMs)) {
            window.since = uint48(block.number);
            window.sum = 0;
        }
        uint128 left = cap > window.sum ? cap - window.sum : 0;
        if (price > left) revert DeliveryCapReached(left);
        window.sum += price;
    }

    function send(address to, uint256 amount) private {
        paying = true;
        (bool sent,) = to.call{value: amount}("");
        paying = false;
        if (!sent) revert PaymentFailed();
    }

    // ------------------------------------------------------------------ checks

    function inState(bytes32 id, State state) private view returns (Order storage order) {
        order = orders[id];
        if (order.state != state) revert WrongState(order.state);
    }

    function onlyBuyer(Order storage order) private view {
        if (msg.sender != order.buyer) revert NotBuyer();
    }

    /// Over is GRACE blocks after the deadline: until then the party whose turn it is may still act.
    function checkOver(uint48 deadline) private view {
        uint256 from = uint256(deadline) + grace;
        if (block.number < from) revert TooEarly(from);
    }

    function checkOpening(Order storage order, KeyOpening calldata opening) private view {
        bool buyerKey = keccak256(abi.encode(opening.buyerKey)) == order.buyerKeyHash;
        if (!buyerKey || keccak256(abi.encode(opening.ephemeral, opening.wrapped)) != order.postedHash) revert WrongOpening();
    }

    function fromNow(uint32 span) private view returns (uint48) {
        return BlockClock.fromNow(span, periodMs);
    }

    /// docs/protocol/11 §4.4.
    function termsHashOf(Purchase calldata p, Offer memory offer) private view returns (bytes32) {
        return keccak256(
            bytes.concat(
                abi.encode(
                    p.listing,
                    p.version,
                    offer.version.dataRoot,
                    offer.version.keyCommit,
                    offer.version.versionSalt,
                    offer.version.chunkCount,
                    offer.version.suite,
                    offer.metaHash
                ),
                abi.encode(
                    p.planId,
                    offer.plan.price,
                    offer.plan.splitHash,
                    offer.plan.licenceHash,
                    bondBps,
                    offer.keyTime,
                    offer.disputeTime
                )
            )
        );
    }

    function emitPlaced(bytes32 id, Order storage order, Purchase calldata p) private {
        emit OrderPlaced(
            p.listing,
            msg.sender,
            id,
            p.version,
            p.planId,
            order.price,
            p.termsHash,
            p.nonce,
            p.buyerKey.x,
            p.buyerKey.y,
            order.deadline
        );
    }

    function isSpan(uint32 span) private pure returns (bool) {
        return span > 0 && span <= MAX_SPAN;
    }

    function larger(uint128 a, uint128 b) private pure returns (uint128) {
        return a > b ? a : b;
    }
}
