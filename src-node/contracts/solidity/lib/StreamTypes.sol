// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

enum StreamStatus {
    None,
    Registered,
    Ended
}

/// Period: a unit is a second. Metered: a unit is a message.
enum StreamPlanKind {
    None,
    Period,
    Metered
}

/// Spans in seconds.
struct StreamParameters {
    uint64 chainId;
    uint32 minEpoch;
    uint32 maxGap;
}

struct Stream {
    address owner;
    StreamStatus status;
    uint32 generation;
    uint32 epochSeconds;
    uint8 ahead;
    address publisher;
    uint48 start;
    uint32 checkpointCount;
    bytes32 metaHash;
    string metaUri;
    bytes32[] gateways;
}

struct StreamPlan {
    uint128 unitPrice;
    uint32 window;
    uint32 planId;
    StreamPlanKind kind;
    bool active;
    bytes32 licenceHash;
    bytes32 splitHash;
}

struct NewStream {
    uint64 nonce;
    address publisher;
    uint32 epochSeconds;
    uint8 ahead;
    bytes32 metaHash;
    string metaUri;
    bytes32[] gateways;
}

struct NewStreamPlan {
    uint32 planId;
    StreamPlanKind kind;
    uint128 unitPrice;
    uint32 window;
    bytes32 licenceHash;
    bool active;
    address[] payees;
    uint16[] shares;
}

/// Where a stream has come to.
struct StreamPoint {
    uint32 generation;
    uint32 epoch;
    uint64 lastSeq;
    bytes32 lastBatchHash;
}

/// A checkpoint as it is kept: when it came, and how many seconds of the stream's life are covered by signs of it.
struct Anchor {
    uint48 time;
    uint48 covered;
    uint32 generation;
    uint32 epoch;
    uint64 lastSeq;
    bytes32 lastBatchHash;
}
