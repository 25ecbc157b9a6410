// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {Point} from "./Curve.sol";

enum Kind {
    Dataset,
    Stream
}

enum Status {
    None,
    Live,
    Paused,
    Retired
}

enum PlanKind {
    None,
    OneOff
}

/// Bounds of a time that a seller chooses, seconds; 0 asks for the default.
struct Bounds {
    uint32 min;
    uint32 normal;
    uint32 max;
}

struct ListingParameters {
    uint64 chainId;
    uint32 periodMs;
    uint128 minPrice;
    uint128 minListingBond;
    Bounds keyTime;
    Bounds disputeTime;
    uint32 unbondDelay;
}

struct Listing {
    address seller;
    Kind kind;
    Status status;
    uint8 flags;
    uint16 category;
    uint32 versionCount;
    address deliveryKey;
    uint48 openUntil;
    uint16 maxOpenPerBuyer;
    bytes32 metaHash;
    uint128 bondFree;
    uint128 bondReserved;
    uint128 bondLeaving;
    uint48 leavingAt;
    uint32 keyTime;
    uint32 disputeTime;
    uint128 deliveryCap;
}

struct Version {
    bytes32 dataRoot;
    bytes32 keyCommit;
    bytes32 versionSalt;
    uint64 totalBytes;
    uint48 retentionUntil;
    uint32 chunkCount;
    uint8 suite;
    bool withdrawn;
}

struct Plan {
    uint128 price;
    PlanKind kind;
    bool active;
    bytes32 licenceHash;
    bytes32 splitHash;
}

struct NewListing {
    uint64 nonce;
    Kind kind;
    uint8 flags;
    uint16 category;
    bytes32 metaHash;
    string metaUri;
    uint48 openUntil;
    uint32 keyTime;
    uint32 disputeTime;
    address deliveryKey;
    uint128 deliveryCap;
    uint16 maxOpenPerBuyer;
}

struct NewVersion {
    bytes32 dataRoot;
    bytes32 keyCommit;
    bytes32 versionSalt;
    uint64 totalBytes;
    uint48 retentionUntil;
    uint32 chunkCount;
    uint8 suite;
}

struct NewPlan {
    uint32 planId;
    PlanKind kind;
    uint128 price;
    bytes32 licenceHash;
    bool active;
    address[] payees;
    uint16[] shares;
}

/// What a purchase is made of, as it stands now.
struct Offer {
    Version version;
    Plan plan;
    bytes32 metaHash;
    uint32 keyTime;
    uint32 disputeTime;
}

struct Profile {
    bytes32 profileHash;
    Point messageKey;
}
