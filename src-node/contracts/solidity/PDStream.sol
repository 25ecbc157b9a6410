// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {Receipt} from "./lib/GatewayTypes.sol";
import {Split} from "./lib/Split.sol";
import {StreamEvents} from "./lib/StreamEvents.sol";
import {
    Anchor,
    NewStream,
    NewStreamPlan,
    Stream,
    StreamParameters,
    StreamPlan,
    StreamPlanKind,
    StreamPoint,
    StreamStatus
} from "./lib/StreamTypes.sol";
import {PDGateway} from "./PDGateway.sol";

/// Streams, their plans and checkpoints (docs/protocol/11 §4.11). Holds no money; no owner, no pause, no upgrade.
contract PDStream is StreamEvents {
    uint256 private constant MAX_EPOCH = 1 days;
    uint256 private constant MAX_GAP = 7 days;
    /// Keys reach this many epochs into the future, never more: revocation has to act some time.
    uint256 private constant MAX_AHEAD_EPOCHS = 6;
    uint256 private constant MAX_GATEWAYS = 8;
    uint256 private constant MAX_URI = 256;
    /// Frames of a batch.
    uint64 private constant MAX_BATCH = 256;

    PDGateway public immutable gateways;
    uint64 public immutable chainId;
    uint32 public immutable minEpoch;
    uint32 public immutable maxGap;

    mapping(bytes32 => Stream) private streams;
    mapping(bytes32 => mapping(bytes32 => StreamPlan)) private plans;
    /// Hash of the plan that stands under a number now.
    mapping(bytes32 => mapping(uint32 => bytes32)) public planHashes;
    mapping(bytes32 => mapping(uint32 => Anchor)) private anchors;
    /// The number that the owner's next stream has to name.
    mapping(address => uint64) public nonces;

    modifier onlyStreamOwner(bytes32 id) {
        if (streams[id].owner != msg.sender) revert NotStreamOwner();
        if (streams[id].status == StreamStatus.Ended) revert StreamIsOver();
        _;
    }

    constructor(PDGateway gateways_, StreamParameters memory p) {
        bool spans = p.minEpoch > 0 && p.minEpoch <= MAX_EPOCH && p.maxGap > 0 && p.maxGap <= MAX_GAP;
        if (!spans || p.chainId == 0 || gateways_.chainId() != p.chainId) revert BadParameters();
        gateways = gateways_;
        chainId = p.chainId;
        minEpoch = p.minEpoch;
        maxGap = p.maxGap;
    }

    /// A stream with one plan. Epoch 0 begins now, at a whole number of epochs since 1970.
    function register(NewStream calldata args, NewStreamPlan calldata plan) external returns (bytes32 id) {
        uint64 nonce = nonces[msg.sender];
        if (args.nonce != nonce) revert WrongNonce(nonce);
        nonces[msg.sender] = nonce + 1;
        if (args.publisher == address(0)) revert NoSigner();
        if (args.epochSeconds < minEpoch || args.epochSeconds > MAX_EPOCH || args.ahead > MAX_AHEAD_EPOCHS) revert OutOfRange();
        id = keccak256(abi.encode(address(this), uint256(chainId), msg.sender, uint256(nonce)));
        Stream storage stream = streams[id];
        stream.owner = msg.sender;
        stream.status = StreamStatus.Registered;
        stream.generation = 1;
        stream.epochSeconds = args.epochSeconds;
        stream.ahead = args.ahead;
        stream.publisher = args.publisher;
        stream.start = uint48(block.timestamp - (block.timestamp % args.epochSeconds));
        emit StreamRegistered(id, msg.sender, nonce, args.publisher, args.epochSeconds, args.ahead, stream.start);
        writeMeta(id, args.metaHash, args.metaUri);
        writeGateways(id, args.gateways);
        writePlan(id, plan);
    }

    function setMeta(bytes32 id, bytes32 metaHash, string calldata metaUri) external onlyStreamOwner(id) {
        writeMeta(id, metaHash, metaUri);
    }

    /// The account whose signature stands under batches from now on.
    function setPublisher(bytes32 id, address publisher) external onlyStreamOwner(id) {
        if (publisher == address(0)) revert NoSigner();
        streams[id].publisher = publisher;
        emit PublisherSet(id, msg.sender, publisher);
    }

    /// Keys grow from a new root: what was handed out opens nothing that comes.
    function newGeneration(bytes32 id) external onlyStreamOwner(id) {
        uint32 generation = ++streams[id].generation;
        emit GenerationRaised(id, msg.sender, generation);
    }

    function setGateways(bytes32 id, bytes32[] calldata ids) external onlyStreamOwner(id) {
        writeGateways(id, ids);
    }

    /// Channels that are open keep the plan they were opened with.
    function setPlan(bytes32 id, NewStreamPlan calldata plan) external onlyStreamOwner(id) {
        writePlan(id, plan);
    }

    /// Final: no new channels, no checkpoints, no changes; vouchers are paid on.
    function end(bytes32 id) external onlyStreamOwner(id) {
        streams[id].status = StreamStatus.Ended;
        emit StreamEnded(id, msg.sender);
    }

    /// Anchors what was published and shows that the stream lives: a gateway of its list has stored its newest batch.
    /// Only the stream's own accounts may, for the contract cannot see that `lastSeq` is the last of that batch.
    function checkpoint(bytes32 id, StreamPoint calldata point, Receipt calldata receipt, bytes calldata signature) external {
        Stream storage stream = streams[id];
        if (stream.owner == address(0) || (msg.sender != stream.owner && msg.sender != stream.publisher)) revert NotStreamOwnerOrPublisher();
        if (stream.status == StreamStatus.Ended) revert StreamIsOver();
        if (point.generation != stream.generation) revert OutOfRange();
        if (receipt.streamId != id || receipt.batchHash != point.lastBatchHash) revert WrongReceipt();
        if (point.lastSeq < receipt.firstSeq || point.lastSeq - receipt.firstSeq >= MAX_BATCH) revert WrongReceipt();
        if (!isListed(stream, receipt.gatewayId)) revert GatewayNotListed();
        gateways.checkReceipt(receipt, signature);

        uint32 number = ++stream.checkpointCount;
        Anchor storage last = anchors[id][number - 1];
        if (number > 1 && point.lastSeq <= last.lastSeq) revert SeqNotRising(last.lastSeq);
        uint48 time = uint48(block.timestamp);
        uint48 covered = number > 1 ? last.covered + alive(last.time, time) : 0;
        anchors[id][number] = Anchor(time, covered, point.generation, point.epoch, point.lastSeq, point.lastBatchHash);
        emit Checkpoint(id, receipt.gatewayId, number, point.generation, point.epoch, point.lastSeq, point.lastBatchHash, time, covered);
    }

    // ------------------------------------------------------------------ views

    function streamOf(bytes32 id) external view returns (Stream memory) {
        return streams[id];
    }

    function ownerOf(bytes32 id) external view returns (address) {
        return streams[id].owner;
    }

    /// Any plan that the stream has or had, by its hash.
    function planOf(bytes32 id, bytes32 planHash) external view returns (StreamPlan memory) {
        return plans[id][planHash];
    }

    /// Checkpoints count from 1.
    function checkpointOf(bytes32 id, uint32 number) external view returns (Anchor memory) {
        return anchors[id][number];
    }

    /// Whether a channel may be opened on a plan with this split now.
    function isOffered(bytes32 id, bytes32 planHash, bytes32 splitHash) external view returns (bool) {
        StreamPlan storage plan = plans[id][planHash];
        return streams[id].status == StreamStatus.Registered && plan.active && plan.splitHash == splitHash;
    }

    // ------------------------------------------------------------------ inside

    function writeMeta(bytes32 id, bytes32 metaHash, string calldata metaUri) private {
        if (bytes(metaUri).length > MAX_URI) revert UriTooLong();
        streams[id].metaHash = metaHash;
        streams[id].metaUri = metaUri;
        emit StreamMeta(id, msg.sender, metaHash, metaUri);
    }

    function writeGateways(bytes32 id, bytes32[] calldata ids) private {
        if (ids.length == 0 || ids.length > MAX_GATEWAYS) revert OutOfRange();
        streams[id].gateways = ids;
        emit GatewaysSet(id, msg.sender, ids);
    }

    /// A number has one plan at a time: the one before it is offered no more, but can still be read.
    function writePlan(bytes32 id, NewStreamPlan calldata p) private {
        if (p.kind == StreamPlanKind.None || p.unitPrice == 0) revert OutOfRange();
        Split.check(p.payees, p.shares);
        bytes32 splitHash = Split.hash(p.payees, p.shares);
        bytes32 planHash = keccak256(abi.encode(p.planId, p.kind, p.unitPrice, p.window, p.licenceHash, splitHash));
        bytes32 before = planHashes[id][p.planId];
        if (before != planHash) {
            plans[id][before].active = false;
            planHashes[id][p.planId] = planHash;
        }
        plans[id][planHash] = StreamPlan(p.unitPrice, p.window, p.planId, p.kind, p.active, p.licenceHash, splitHash);
        emit PlanSet(id, msg.sender, planHash, p);
    }

    function isListed(Stream storage stream, bytes32 gateway) private view returns (bool) {
        for (uint256 i = 0; i < stream.gateways.length; i++) {
            if (stream.gateways[i] == gateway) return true;
        }
        return false;
    }

    /// Seconds between two signs of life that count; time may step back.
    function alive(uint48 from, uint48 to) private view returns (uint48) {
        uint48 passed = to > from ? to - from : 0;
        return passed < maxGap ? passed : maxGap;
    }
}
