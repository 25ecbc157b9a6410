// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {Point} from "./Curve.sol";

enum State {
    None,
    Funded,
    Ready,
    Cancelling,
    Keyed,
    Settled,
    Cancelled,
    Lapsed,
    Expired,
    Fraud
}

enum FraudKind {
    WrongKey,
    BadKeyLeaf,
    BadUnit
}

struct EscrowParameters {
    uint64 chainId;
    bytes32 genesisHash;
    uint32 periodMs;
    uint16 feeBps;
    uint16 bondBps;
    uint16 expiryBps;
    uint128 minReserve;
    uint128 proofAllowance;
    uint16 grace;
    uint32 readyTime;
    uint32 cancelTime;
}

struct Order {
    address buyer;
    State state;
    uint32 version;
    uint48 deadline;
    uint128 price;
    uint128 reserve;
    bytes32 listing;
    bytes32 termsHash;
    bytes32 splitHash;
    bytes32 buyerKeyHash;
    bytes32 postedHash;
    uint48 cancelDeadline;
}

struct Purchase {
    bytes32 listing;
    uint32 version;
    uint32 planId;
    bytes32 termsHash;
    uint128 maxPrice;
    uint64 nonce;
    Point buyerKey;
    bool ready;
}

/// What a delivery key has answered since a block.
struct Answered {
    uint48 since;
    uint128 sum;
}
