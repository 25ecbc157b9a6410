// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {BlockClock} from "./lib/BlockClock.sol";
import {GatewayEvents} from "./lib/GatewayEvents.sol";
import {Gateway, GatewayParameters, GatewayStatus, Receipt} from "./lib/GatewayTypes.sol";
import {Purse} from "./lib/Purse.sol";
import {TypedData} from "./lib/TypedData.sol";

/// Gateways of streams, their bonds, and the proof that one told two stories (docs/protocol/11 §4.13). No owner, no pause of the whole.
contract PDGateway is GatewayEvents, Purse {
    /// keccak256("GatewayReceipt(bytes32 gatewayId,bytes32 streamId,uint64 logId,uint64 offset,uint64 firstSeq,bytes32 batchHash,uint64 ts)").
    bytes32 private constant RECEIPT_TYPE = 0x053fb4a8e947589d0b66b6191d736acb5ca9e2e19c915e3f5fa11278d98adaaf;
    uint256 private constant MAX_LEAVE_TIME = 30 days;
    uint256 private constant MAX_ENDPOINTS = 4;
    uint256 private constant MAX_URI = 256;
    /// The part of a forfeited bond that its prover gets; the rest is burnt, so that proving against oneself never pays.
    uint128 private constant REWARD_PART = 10;

    uint64 public immutable chainId;
    bytes32 public immutable genesisHash;
    uint32 public immutable periodMs;
    uint128 public immutable minBond;
    uint32 public immutable leaveTime;
    bytes32 private immutable domain;

    mapping(bytes32 => Gateway) private gateways;
    /// The number that the owner's next gateway has to name.
    mapping(address => uint64) public nonces;

    modifier onlyGatewayOwner(bytes32 id) {
        if (gateways[id].owner != msg.sender) revert NotGatewayOwner();
        _;
    }

    constructor(GatewayParameters memory p) {
        bool inOrder = p.chainId > 0 && p.periodMs > 0 && p.periodMs <= 60_000 && p.minBond > 0;
        if (!inOrder || p.leaveTime == 0 || p.leaveTime > MAX_LEAVE_TIME) revert BadParameters();
        chainId = p.chainId;
        genesisHash = p.genesisHash;
        periodMs = p.periodMs;
        minBond = p.minBond;
        leaveTime = p.leaveTime;
        domain = TypedData.separator(p.chainId, p.genesisHash);
    }

    /// The value becomes the bond. `signer` signs receipts and stays: what it signed is judged for ever by its key.
    function register(uint64 nonce, address signer, string[] calldata endpoints) external payable unlocked returns (bytes32 id) {
        uint64 expected = nonces[msg.sender];
        if (nonce != expected) revert WrongNonce(expected);
        nonces[msg.sender] = expected + 1;
        if (signer == address(0)) revert NoSigner();
        if (msg.value < minBond) revert BondTooSmall(minBond);
        id = keccak256(abi.encode(address(this), uint256(chainId), msg.sender, uint256(nonce)));
        Gateway storage gateway = gateways[id];
        gateway.owner = msg.sender;
        gateway.status = GatewayStatus.Bonded;
        gateway.signer = signer;
        gateway.logId = 1;
        gateway.bond = uint128(msg.value);
        writeEndpoints(id, gateway, endpoints);
    }

    function setEndpoints(bytes32 id, string[] calldata endpoints) external unlocked onlyGatewayOwner(id) {
        Gateway storage gateway = bonded(id);
        writeEndpoints(id, gateway, endpoints);
    }

    /// Before a gateway serves from a log that was restored or cut: its offsets start to mean something else.
    function raiseLog(bytes32 id) external unlocked {
        Gateway storage gateway = gateways[id];
        if (msg.sender != gateway.owner && msg.sender != gateway.signer) revert NotGatewayOwnerOrSigner();
        gateway.logId += 1;
        emit LogRaised(id, gateway.owner, gateway.logId);
    }

    function pause(bytes32 id) external unlocked onlyGatewayOwner(id) {
        inStatus(id, GatewayStatus.Bonded).status = GatewayStatus.Paused;
        emit GatewayPaused(id, msg.sender, true);
    }

    function resume(bytes32 id) external unlocked onlyGatewayOwner(id) {
        inStatus(id, GatewayStatus.Paused).status = GatewayStatus.Bonded;
        emit GatewayPaused(id, msg.sender, false);
    }

    /// Final. The bond answers for what was signed until it has left.
    function leave(bytes32 id) external unlocked onlyGatewayOwner(id) {
        Gateway storage gateway = bonded(id);
        gateway.leavingAt = BlockClock.fromNow(leaveTime, periodMs);
        gateway.status = GatewayStatus.Leaving;
        emit GatewayLeaving(id, msg.sender, gateway.leavingAt);
    }

    /// Credits the bond to its owner; anyone may call it.
    function finalizeLeave(bytes32 id) external unlocked {
        Gateway storage gateway = inStatus(id, GatewayStatus.Leaving);
        if (block.number < gateway.leavingAt) revert TooEarly(gateway.leavingAt);
        uint128 bond = gateway.bond;
        gateway.bond = 0;
        gateway.status = GatewayStatus.Left;
        balances[gateway.owner] += bond;
        emit GatewayLeft(id, gateway.owner, bond);
    }

    /// Two receipts for one place of one log, with different batches: 10 % of the bond to the sender, the rest to the fire.
    /// Two batches of one publisher at two places prove nothing, so that no publisher can frame a gateway.
    function proveEquivocation(Receipt calldata a, Receipt calldata b, bytes calldata signatureA, bytes calldata signatureB)
        external
        unlocked
    {
        bytes32 id = a.gatewayId;
        Gateway storage gateway = gateways[id];
        GatewayStatus status = gateway.status;
        if (status == GatewayStatus.None || status == GatewayStatus.Left) revert WrongGatewayStatus(status);
        bool samePlace = b.gatewayId == id && a.streamId == b.streamId && a.logId == b.logId && a.offset == b.offset;
        if (!samePlace || a.batchHash == b.batchHash) revert NoEquivocation();
        if (signerOf(a, signatureA) != gateway.signer || signerOf(b, signatureB) != gateway.signer) revert WrongSigner();
        uint128 reward = gateway.bond / REWARD_PART;
        uint128 fire = gateway.bond - reward;
        gateway.bond = 0;
        gateway.status = GatewayStatus.Left;
        balances[msg.sender] += reward;
        burnt += fire;
        emit GatewaySlashed(id, gateway.owner, msg.sender, a.streamId, a.logId, a.offset, reward, fire);
    }

    // ------------------------------------------------------------------ views

    function gatewayOf(bytes32 id) external view returns (Gateway memory) {
        return gateways[id];
    }

    /// Reverts unless a gateway that is not about to go signed this.
    function checkReceipt(Receipt calldata receipt, bytes calldata signature) external view {
        Gateway storage gateway = bonded(receipt.gatewayId);
        if (signerOf(receipt, signature) != gateway.signer) revert WrongSigner();
    }

    // ------------------------------------------------------------------ inside

    function writeEndpoints(bytes32 id, Gateway storage gateway, string[] calldata endpoints) private {
        if (endpoints.length == 0 || endpoints.length > MAX_ENDPOINTS) revert OutOfRange();
        for (uint256 i = 0; i < endpoints.length; i++) {
            if (bytes(endpoints[i]).length > MAX_URI) revert UriTooLong();
        }
        gateway.endpoints = endpoints;
        emit GatewaySet(id, gateway.owner, gateway.signer, gateway.bond, endpoints);
    }

    function inStatus(bytes32 id, GatewayStatus status) private view returns (Gateway storage gateway) {
        gateway = gateways[id];
        if (gateway.status != status) revert WrongGatewayStatus(gateway.status);
    }

    /// Serving or paused.
    function bonded(bytes32 id) private view returns (Gateway storage gateway) {
        gateway = gateways[id];
        if (gateway.status != GatewayStatus.Bonded && gateway.status != GatewayStatus.Paused) revert WrongGatewayStatus(gateway.status);
    }

    function signerOf(Receipt calldata r, bytes calldata signature) private view returns (address) {
        bytes32 structHash = keccak256(
            abi.encode(RECEIPT_TYPE, r.gatewayId, r.streamId, r.logId, r.offset, r.firstSeq, r.batchHash, r.ts)
        );
        return TypedData.signerOf(domain, structHash, signature);
    }
}
