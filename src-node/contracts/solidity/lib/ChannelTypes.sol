// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

enum ChannelStatus {
    None,
    Open,
    Closing,
    Closed
}

/// Times in seconds, `grace` in blocks, `feeBps` in 1/10,000.
struct ChannelParameters {
    uint64 chainId;
    bytes32 genesisHash;
    uint32 periodMs;
    uint16 feeBps;
    uint16 grace;
    uint32 closeTime;
}

struct Channel {
    address payer;
    ChannelStatus status;
    uint48 expiry;
    address payerKey;
    uint48 closingAt;
    uint128 deposit;
    uint128 paid;
    bytes32 streamId;
    bytes32 planHash;
    bytes32 splitHash;
}

struct NewChannel {
    bytes32 streamId;
    bytes32 planHash;
    bytes32 splitHash;
    uint64 nonce;
    uint48 expiry;
    address payerKey;
}

/// All that is owed so far, signed by the channel's payerKey.
struct Voucher {
    bytes32 channelId;
    uint64 cumulativeUnits;
    uint128 cumulativeAmount;
    uint32 epochTo;
    bytes32 plan;
}
