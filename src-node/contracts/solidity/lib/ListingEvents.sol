// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {Kind, PlanKind, Status} from "./ListingTypes.sol";

/// What PDListing tells and why it refuses (docs/protocol/11 §4.29).
abstract contract ListingEvents {
    event ListingCreated(
        bytes32 indexed listing,
        address indexed seller,
        uint64 nonce,
        Kind kind,
        uint8 flags,
        uint16 category,
        uint32 keyTime,
        uint32 disputeTime,
        uint16 maxOpenPerBuyer
    );
    event ListingMeta(bytes32 indexed listing, address indexed seller, bytes32 metaHash, string metaUri);
    event ListingStatus(bytes32 indexed listing, address indexed seller, Status status);
    event ListingOpen(bytes32 indexed listing, address indexed seller, uint48 openUntil);
    event VersionAdded(
        bytes32 indexed listing,
        address indexed seller,
        uint32 version,
        bytes32 dataRoot,
        bytes32 keyCommit,
        bytes32 versionSalt,
        uint64 totalBytes,
        uint48 retentionUntil,
        uint32 chunkCount,
        uint8 suite
    );
    event VersionWithdrawn(bytes32 indexed listing, address indexed seller, uint32 version);
    event PlanSet(
        bytes32 indexed listing,
        address indexed seller,
        uint32 planId,
        PlanKind kind,
        uint128 price,
        bytes32 licenceHash,
        bool active,
        address[] payees,
        uint16[] shares
    );
    event BondChanged(bytes32 indexed listing, address indexed seller, uint128 free, uint128 reserved, uint128 leaving, uint48 leavingAt);
    event DeliveryKeySet(bytes32 indexed listing, address indexed seller, address deliveryKey, uint128 deliveryCap);
    event ProfileSet(address indexed account, bytes32 profileHash, string profileUri);
    event MessageKeySet(address indexed account, uint256 x, uint256 y);

    error BadParameters();
    error NotSeller();
    error NotSellerOrDeliveryKey();
    error NotEscrow();
    error WrongNonce(uint64 expected);
    error OutOfRange();
    error BadTime();
    error BadPoint();
    error UriTooLong();
    error ListingRetired();
    error ListingNotOpen();
    error NoVersion();
    error NoPlan();
    error PriceTooLow(uint128 minimum);
    error BondTooSmall(uint128 minimum);
    error BondTooLow(uint128 free);
    error BondNotReady(uint48 readyAt);
    error NothingToWithdraw();
    error Reentered();
    error PaymentFailed();
}
