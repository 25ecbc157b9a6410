// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {NewStreamPlan} from "./StreamTypes.sol";

/// What PDStream tells and why it refuses (docs/protocol/11 §4.29).
abstract contract StreamEvents {
    event StreamRegistered(
        bytes32 indexed stream, address indexed owner, uint64 nonce, address publisher, uint32 epochSeconds, uint8 ahead, uint48 start
    );
    event StreamMeta(bytes32 indexed stream, address indexed owner, bytes32 metaHash, string metaUri);
    event PublisherSet(bytes32 indexed stream, address indexed owner, address publisher);
    event GenerationRaised(bytes32 indexed stream, address indexed owner, uint32 generation);
    event GatewaysSet(bytes32 indexed stream, address indexed owner, bytes32[] gateways);
    event PlanSet(bytes32 indexed stream, address indexed owner, bytes32 indexed planHash, NewStreamPlan plan);
    event StreamEnded(bytes32 indexed stream, address indexed owner);
    event Checkpoint(
        bytes32 indexed stream,
        bytes32 indexed gateway,
        uint32 number,
        uint32 generation,
        uint32 epoch,
        uint64 lastSeq,
        bytes32 lastBatchHash,
        uint48 time,
        uint48 covered
    );

    error BadParameters();
    error WrongNonce(uint64 expected);
    error OutOfRange();
    error UriTooLong();
    error NoSigner();
    error NotStreamOwner();
    error NotStreamOwnerOrPublisher();
    error StreamIsOver();
    error GatewayNotListed();
    error WrongReceipt();
    error SeqNotRising(uint64 lastSeq);
}
