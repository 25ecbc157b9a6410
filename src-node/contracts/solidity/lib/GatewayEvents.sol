// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {GatewayStatus} from "./GatewayTypes.sol";

/// What PDGateway tells and why it refuses (docs/protocol/11 §4.29).
abstract contract GatewayEvents {
    event GatewaySet(bytes32 indexed gateway, address indexed owner, address signer, uint128 bond, string[] endpoints);
    event GatewayPaused(bytes32 indexed gateway, address indexed owner, bool paused);
    event GatewayLeaving(bytes32 indexed gateway, address indexed owner, uint48 leavingAt);
    event GatewayLeft(bytes32 indexed gateway, address indexed owner, uint128 bond);
    event LogRaised(bytes32 indexed gateway, address indexed owner, uint64 logId);
    event GatewaySlashed(
        bytes32 indexed gateway,
        address indexed owner,
        address indexed prover,
        bytes32 streamId,
        uint64 logId,
        uint64 offset,
        uint128 reward,
        uint128 burnt
    );

    error BadParameters();
    error WrongNonce(uint64 expected);
    error OutOfRange();
    error UriTooLong();
    error NoSigner();
    error BondTooSmall(uint128 minimum);
    error NotGatewayOwner();
    error NotGatewayOwnerOrSigner();
    error WrongGatewayStatus(GatewayStatus status);
    error WrongSigner();
    error NoEquivocation();
    error TooEarly(uint256 fromBlock);
}
