// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {ChannelStatus} from "./ChannelTypes.sol";

/// What PDChannel tells and why it refuses (docs/protocol/11 §4.29).
abstract contract ChannelEvents {
    event ChannelOpened(
        bytes32 indexed stream,
        address indexed payer,
        bytes32 indexed channel,
        uint64 nonce,
        address payerKey,
        bytes32 planHash,
        bytes32 splitHash,
        uint128 deposit,
        uint48 expiry
    );
    event ChannelToppedUp(bytes32 indexed stream, address indexed payer, bytes32 indexed channel, uint128 deposit);
    event ChannelRedeemed(
        bytes32 indexed stream,
        address indexed payer,
        bytes32 indexed channel,
        uint64 units,
        uint128 amount,
        uint32 epochTo,
        uint128 paid,
        uint128 fee
    );
    event ChannelClosing(bytes32 indexed stream, address indexed payer, bytes32 indexed channel, uint48 closingAt);
    event ChannelClosed(bytes32 indexed stream, address indexed payer, bytes32 indexed channel, uint128 paid, uint128 refund);

    error BadParameters();
    error WrongNonce(uint64 expected);
    error BadTime();
    error NoSigner();
    error NoPlan();
    error NoDeposit();
    error NotPayer();
    error NotStreamOwner();
    error NotExpired(uint48 expiry);
    error WrongChannelStatus(ChannelStatus status);
    error WrongPlan();
    error WrongSigner();
    error NothingToRedeem(uint128 paid);
    error TooEarly(uint256 fromBlock);
}
