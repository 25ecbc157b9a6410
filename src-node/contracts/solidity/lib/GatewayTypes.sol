// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

enum GatewayStatus {
    None,
    Bonded,
    Paused,
    Leaving,
    Left
}

struct GatewayParameters {
    uint64 chainId;
    bytes32 genesisHash;
    uint32 periodMs;
    uint128 minBond;
    uint32 leaveTime;
}

struct Gateway {
    address owner;
    GatewayStatus status;
    uint64 logId;
    address signer;
    uint48 leavingAt;
    uint128 bond;
    string[] endpoints;
}

/// What a gateway signs when it has stored a batch; `ts` in milliseconds.
struct Receipt {
    bytes32 gatewayId;
    bytes32 streamId;
    uint64 logId;
    uint64 offset;
    uint64 firstSeq;
    bytes32 batchHash;
    uint64 ts;
}
