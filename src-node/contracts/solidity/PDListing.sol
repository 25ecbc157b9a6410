// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {BlockClock} from "./lib/BlockClock.sol";
import {Curve, Point} from "./lib/Curve.sol";
import {ListingEvents} from "./lib/ListingEvents.sol";
import {
    Bounds,
    Kind,
    Listing,
    ListingParameters,
    NewListing,
    NewPlan,
    NewVersion,
    Offer,
    Plan,
    PlanKind,
    Profile,
    Status,
    Version
} from "./lib/ListingTypes.sol";
import {Pack} from "./lib/Pack.sol";
import {Split} from "./lib/Split.sol";

/// Listings, their versions and plans, sellers' bonds, profiles and messaging keys (docs/protocol/11 §4.4).
contract PDListing is ListingEvents {
    /// Absolute times lie at most this far ahead, so that milliseconds are refused (docs/protocol/11 §4.2).
    uint256 private constant MAX_AHEAD = 400 days;
    uint256 private constant MAX_SPAN = 7 days;
    uint256 private constant MAX_UNBOND_DELAY = 30 days;
    uint256 private constant MAX_URI = 256;

    address public immutable escrow;
    uint64 public immutable chainId;
    uint32 public immutable periodMs;
    uint128 public immutable minPrice;
    uint128 public immutable minListingBond;
    uint32 private immutable keyTimeMin;
    uint32 private immutable keyTimeNormal;
    uint32 private immutable keyTimeMax;
    uint32 private immutable disputeTimeMin;
    uint32 private immutable disputeTimeNormal;
    uint32 private immutable disputeTimeMax;
    uint32 public immutable unbondDelay;

    mapping(bytes32 => Listing) private listings;
    mapping(bytes32 => mapping(uint256 => Version)) private versions;
    mapping(bytes32 => mapping(uint256 => Plan)) private plans;
    mapping(address => Profile) private profiles;
    /// The number that the seller's next listing has to name.
    mapping(address => uint64) public nonces;
    bool private paying;

    modifier onlySeller(bytes32 id) {
        if (listings[id].seller != msg.sender) revert NotSeller();
        _;
    }

    modifier onlyEscrow() {
        if (msg.sender != escrow) revert NotEscrow();
        _;
    }

    modifier notRetired(bytes32 id) {
        if (listings[id].status == Status.Retired) revert ListingRetired();
        _;
    }

    modifier unlocked() {
        if (paying) revert Reentered();
        _;
    }

    constructor(address escrow_, ListingParameters memory p) {
        bool inOrder = p.chainId > 0 && p.periodMs > 0 && p.periodMs <= 60_000 && p.minPrice > 0 && p.unbondDelay <= MAX_UNBOND_DELAY;
        if (escrow_ == address(0) || !inOrder || !isOrdered(p.keyTime) || !isOrdered(p.disputeTime)) revert BadParameters();
        escrow = escrow_;
        chainId = p.chainId;
        periodMs = p.periodMs;
        minPrice = p.minPrice;
        minListingBond = p.minListingBond;
        keyTimeMin = p.keyTime.min;
        keyTimeNormal = p.keyTime.normal;
        keyTimeMax = p.keyTime.max;
        disputeTimeMin = p.disputeTime.min;
        disputeTimeNormal = p.disputeTime.normal;
        disputeTimeMax = p.disputeTime.max;
        unbondDelay = p.unbondDelay;
    }

    // ------------------------------------------------------------------ listings

    /// A listing without bond, paused until `resume`. The nonce is named, so that a repeated call makes no second one.
    function create(NewListing calldata args) external unlocked returns (bytes32 id) {
        return createPaused(args);
    }

    /// create, bond, addVersion, setPlan and resume in one transaction.
    function publish(NewListing calldata args, NewVersion calldata version, NewPlan calldata plan)
        external
        payable
        unlocked
        returns (bytes32 id)
    {
        id = createPaused(args);
        addBond(id);
        appendVersion(id, version);
        writePlan(id, plan);
        goLive(id);
    }

    function setMeta(bytes32 id, bytes32 metaHash, string calldata metaUri) external unlocked onlySeller(id) notRetired(id) {
        writeMeta(id, metaHash, metaUri);
    }

    /// A version brings its own metadata, for the manifest stands there. Versions count from 1.
    function addVersion(bytes32 id, NewVersion calldata version, bytes32 metaHash, string calldata metaUri)
        external
        unlocked
        onlySeller(id)
        notRetired(id)
    {
        appendVersion(id, version);
        writeMeta(id, metaHash, metaUri);
    }

    /// No new orders of this version; orders that are placed go on.
    function withdrawVersion(bytes32 id, uint32 no) external unlocked onlySeller(id) {
        if (no == 0 || no > listings[id].versionCount) revert NoVersion();
        versions[id][no].withdrawn = true;
        emit VersionWithdrawn(id, msg.sender, no);
    }

    function setPlan(bytes32 id, NewPlan calldata plan) external unlocked onlySeller(id) notRetired(id) {
        writePlan(id, plan);
    }

    function pause(bytes32 id) external unlocked onlySeller(id) notRetired(id) {
        writeStatus(id, Status.Paused);
    }

    function resume(bytes32 id) external unlocked onlySeller(id) notRetired(id) {
        goLive(id);
    }

    /// Final: no new orders, no changes; the bond may leave.
    function retire(bytes32 id) external unlocked onlySeller(id) notRetired(id) {
        writeStatus(id, Status.Retired);
    }

    /// Orders are taken before `until` (seconds) only. The seller's program pushes it forward while it runs.
    function setOpenUntil(bytes32 id, uint48 until) external unlocked notRetired(id) {
        Listing storage listing = listings[id];
        if (msg.sender != listing.seller && msg.sender != listing.deliveryKey) revert NotSellerOrDeliveryKey();
        checkTime(until);
        listing.openUntil = until;
        emit ListingOpen(id, listing.seller, until);
    }

    /// Replaces the key that may answer orders, effective at once; `cap` is the sum of prices it may answer in 24 h of blocks.
    function setDeliveryKey(bytes32 id, address key, uint128 cap) external unlocked onlySeller(id) {
        writeDeliveryKey(id, key, cap);
    }

    // ------------------------------------------------------------------ bonds

    function bond(bytes32 id) external payable unlocked onlySeller(id) {
        addBond(id);
    }

    /// Moves free bond to «leaving»: free of duty at once, payable after the delay, which starts again for the whole sum.
    function unbond(bytes32 id, uint128 amount) external unlocked onlySeller(id) {
        Listing storage listing = listings[id];
        if (amount > listing.bondFree) revert BondTooLow(listing.bondFree);
        listing.bondFree -= amount;
        if (listing.status == Status.Live) checkMinimum(listing);
        listing.bondLeaving += amount;
        listing.leavingAt = BlockClock.fromNow(unbondDelay, periodMs);
        emitBond(id, listing);
    }

    /// Pays the bond that has left to the seller; anyone may call it. The one call to foreign code: nothing may come back in.
    function withdrawBond(bytes32 id) external unlocked {
        Listing storage listing = listings[id];
        uint128 amount = listing.bondLeaving;
        if (amount == 0) revert NothingToWithdraw();
        if (block.number < listing.leavingAt) revert BondNotReady(listing.leavingAt);
        listing.bondLeaving = 0;
        emitBond(id, listing);
        paying = true;
        send(listing.seller, amount);
        paying = false;
    }

    /// An order became READY: its reserve leaves the free bond. Reverts where no order may start.
    function reserve(bytes32 id, uint128 amount) external unlocked onlyEscrow returns (uint32 keyTime, uint16 maxOpenPerBuyer) {
        Listing storage listing = listings[id];
        checkOpen(listing);
        if (amount > listing.bondFree) revert BondTooLow(listing.bondFree);
        listing.bondFree -= amount;
        listing.bondReserved += amount;
        emitBond(id, listing);
        return (listing.keyTime, listing.maxOpenPerBuyer);
    }

    /// An order with a reserve was closed: `forfeit` of it goes to the escrow as ether, the rest back to the free bond.
    function release(bytes32 id, uint128 reserved, uint128 forfeit) external unlocked onlyEscrow {
        Listing storage listing = listings[id];
        listing.bondReserved -= reserved;
        listing.bondFree += reserved - forfeit;
        emitBond(id, listing);
        if (forfeit > 0) send(escrow, forfeit);
    }

    // ------------------------------------------------------------------ profiles

    function setProfile(bytes32 profileHash, string calldata profileUri) external unlocked {
        if (bytes(profileUri).length > MAX_URI) revert UriTooLong();
        profiles[msg.sender].profileHash = profileHash;
        emit ProfileSet(msg.sender, profileHash, profileUri);
    }

    function setMessageKey(Point calldata key) external unlocked {
        if (!Curve.isPoint(key)) revert BadPoint();
        profiles[msg.sender].messageKey = key;
        emit MessageKeySet(msg.sender, key.x, key.y);
    }

    // ------------------------------------------------------------------ views

    function listingOf(bytes32 id) external view returns (Listing memory) {
        return listings[id];
    }

    function versionOf(bytes32 id, uint32 no) external view returns (Version memory) {
        return versions[id][no];
    }

    function planOf(bytes32 id, uint32 planId) external view returns (Plan memory) {
        return plans[id][planId];
    }

    function profileOf(address account) external view returns (Profile memory) {
        return profiles[account];
    }

    function keyTimes() external view returns (Bounds memory) {
        return Bounds(keyTimeMin, keyTimeNormal, keyTimeMax);
    }

    function disputeTimes() external view returns (Bounds memory) {
        return Bounds(disputeTimeMin, disputeTimeNormal, disputeTimeMax);
    }

    /// What `place` buys; reverts where no order may start.
    function offerOf(bytes32 id, uint32 no, uint32 planId) external view returns (Offer memory) {
        Listing storage listing = listings[id];
        checkOpen(listing);
        if (no == 0 || no > listing.versionCount || versions[id][no].withdrawn) revert NoVersion();
        if (!plans[id][planId].active) revert NoPlan();
        return Offer(versions[id][no], plans[id][planId], listing.metaHash, listing.keyTime, listing.disputeTime);
    }

    /// Who may answer the orders of a listing, and how long its dispute window is.
    function deliveryOf(bytes32 id) external view returns (address seller, address deliveryKey, uint128 deliveryCap, uint32 disputeTime) {
        Listing storage listing = listings[id];
        return (listing.seller, listing.deliveryKey, listing.deliveryCap, listing.disputeTime);
    }

    /// What proofs about a version are checked against.
    function packOf(bytes32 id, uint32 no) external view returns (Pack memory) {
        Version storage version = versions[id][no];
        return Pack(listings[id].seller, version.versionSalt, version.dataRoot, version.keyCommit, version.chunkCount, version.suite);
    }

    // ------------------------------------------------------------------ inside

    function createPaused(NewListing calldata args) private returns (bytes32 id) {
        uint64 nonce = nonces[msg.sender];
        if (args.nonce != nonce) revert WrongNonce(nonce);
        nonces[msg.sender] = nonce + 1;
        checkTime(args.openUntil);
        id = keccak256(abi.encode(address(this), uint256(chainId), msg.sender, uint256(nonce)));
        Listing storage listing = listings[id];
        listing.seller = msg.sender;
        listing.kind = args.kind;
        listing.status = Status.Paused;
        listing.flags = args.flags;
        listing.category = args.category;
        listing.openUntil = args.openUntil;
        listing.maxOpenPerBuyer = args.maxOpenPerBuyer;
        listing.keyTime = chosen(args.keyTime, Bounds(keyTimeMin, keyTimeNormal, keyTimeMax));
        listing.disputeTime = chosen(args.disputeTime, Bounds(disputeTimeMin, disputeTimeNormal, disputeTimeMax));
        emit ListingCreated(
            id, msg.sender, nonce, args.kind, args.flags, args.category, listing.keyTime, listing.disputeTime, args.maxOpenPerBuyer
        );
        emit ListingOpen(id, msg.sender, args.openUntil);
        writeMeta(id, args.metaHash, args.metaUri);
        if (args.deliveryKey != address(0)) writeDeliveryKey(id, args.deliveryKey, args.deliveryCap);
    }

    function writeMeta(bytes32 id, bytes32 metaHash, string calldata metaUri) private {
        if (bytes(metaUri).length > MAX_URI) revert UriTooLong();
        listings[id].metaHash = metaHash;
        emit ListingMeta(id, msg.sender, metaHash, metaUri);
    }

    function appendVersion(bytes32 id, NewVersion calldata v) private {
        Listing storage listing = listings[id];
        if (listing.kind != Kind.Dataset || v.chunkCount == 0 || v.totalBytes == 0) revert OutOfRange();
        checkTime(v.retentionUntil);
        uint32 no = ++listing.versionCount;
        versions[id][no] =
            Version(v.dataRoot, v.keyCommit, v.versionSalt, v.totalBytes, v.retentionUntil, v.chunkCount, v.suite, false);
        emit VersionAdded(
            id, msg.sender, no, v.dataRoot, v.keyCommit, v.versionSalt, v.totalBytes, v.retentionUntil, v.chunkCount, v.suite
        );
    }

    function writePlan(bytes32 id, NewPlan calldata p) private {
        if (p.kind != PlanKind.OneOff) revert OutOfRange();
        if (p.price < minPrice) revert PriceTooLow(minPrice);
        Split.check(p.payees, p.shares);
        plans[id][p.planId] = Plan(p.price, p.kind, p.active, p.licenceHash, Split.hash(p.payees, p.shares));
        emit PlanSet(id, msg.sender, p.planId, p.kind, p.price, p.licenceHash, p.active, p.payees, p.shares);
    }

    function writeDeliveryKey(bytes32 id, address key, uint128 cap) private {
        listings[id].deliveryKey = key;
        listings[id].deliveryCap = cap;
        emit DeliveryKeySet(id, msg.sender, key, cap);
    }

    function writeStatus(bytes32 id, Status status) private {
        listings[id].status = status;
        emit ListingStatus(id, msg.sender, status);
    }

    function goLive(bytes32 id) private {
        checkMinimum(listings[id]);
        writeStatus(id, Status.Live);
    }

    function addBond(bytes32 id) private {
        Listing storage listing = listings[id];
        listing.bondFree += uint128(msg.value);
        emitBond(id, listing);
    }

    function emitBond(bytes32 id, Listing storage listing) private {
        emit BondChanged(id, listing.seller, listing.bondFree, listing.bondReserved, listing.bondLeaving, listing.leavingAt);
    }

    function send(address to, uint256 amount) private {
        (bool sent,) = to.call{value: amount}("");
        if (!sent) revert PaymentFailed();
    }

    function checkOpen(Listing storage listing) private view {
        if (listing.status != Status.Live || block.timestamp >= listing.openUntil) revert ListingNotOpen();
    }

    function checkMinimum(Listing storage listing) private view {
        if (listing.bondFree + listing.bondReserved < minListingBond) revert BondTooSmall(minListingBond);
    }

    function checkTime(uint256 time) private view {
        if (time <= block.timestamp || time > block.timestamp + MAX_AHEAD) revert BadTime();
    }

    function chosen(uint32 value, Bounds memory bounds) private pure returns (uint32) {
        if (value == 0) return bounds.normal;
        if (value < bounds.min || value > bounds.max) revert OutOfRange();
        return value;
    }

    function isOrdered(Bounds memory bounds) private pure returns (bool) {
        return bounds.min > 0 && bounds.min <= bounds.normal && bounds.normal <= bounds.max && bounds.max <= MAX_SPAN;
    }
}
