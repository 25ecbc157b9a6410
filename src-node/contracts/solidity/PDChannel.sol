// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {BlockClock} from "./lib/BlockClock.sol";
import {ChannelEvents} from "./lib/ChannelEvents.sol";
import {Channel, ChannelParameters, ChannelStatus, NewChannel, Voucher} from "./lib/ChannelTypes.sol";
import {Purse} from "./lib/Purse.sol";
import {Split} from "./lib/Split.sol";
import {TypedData} from "./lib/TypedData.sol";
import {PDStream} from "./PDStream.sol";

/// One-way channels that readers of streams pay through (docs/protocol/11 §4.12). No owner, no pause, no upgrade.
contract PDChannel is ChannelEvents, Purse {
    /// keccak256("Voucher(bytes32 channelId,uint64 cumulativeUnits,uint128 cumulativeAmount,uint32 epochTo,bytes32 plan)").
    bytes32 private constant VOUCHER_TYPE = 0x4537315ed399f37da5521e54affd49dd80c751a0b1cb624fbc6f70cee0e16c61;
    uint256 private constant BPS = 10_000;
    uint256 private constant MAX_FEE_BPS = 100;
    uint256 private constant MAX_SPAN = 7 days;
    /// Absolute times lie at most this far ahead, so that milliseconds are refused (docs/protocol/11 §4.2).
    uint256 private constant MAX_AHEAD = 400 days;

    PDStream public immutable streams;
    uint64 public immutable chainId;
    bytes32 public immutable genesisHash;
    uint32 public immutable periodMs;
    uint16 public immutable feeBps;
    uint16 public immutable grace;
    uint32 public immutable closeTime;
    bytes32 private immutable domain;

    mapping(bytes32 => Channel) private channels;
    /// The number that the payer's next channel has to name.
    mapping(address => uint64) public nonces;

    constructor(PDStream streams_, ChannelParameters memory p) {
        bool times = p.closeTime > 0 && p.closeTime <= MAX_SPAN && p.grace > 0 && p.periodMs > 0 && p.periodMs <= 60_000;
        if (!times || p.feeBps > MAX_FEE_BPS || p.chainId == 0 || streams_.chainId() != p.chainId) revert BadParameters();
        streams = streams_;
        chainId = p.chainId;
        genesisHash = p.genesisHash;
        periodMs = p.periodMs;
        feeBps = p.feeBps;
        grace = p.grace;
        closeTime = p.closeTime;
        domain = TypedData.separator(p.chainId, p.genesisHash);
    }

    /// The value becomes the deposit. Plan and split stay what they are now, whatever the stream offers later.
    function open(NewChannel calldata args) external payable unlocked returns (bytes32 id) {
        uint64 nonce = nonces[msg.sender];
        if (args.nonce != nonce) revert WrongNonce(nonce);
        nonces[msg.sender] = nonce + 1;
        if (args.payerKey == address(0)) revert NoSigner();
        if (msg.value == 0) revert NoDeposit();
        if (args.expiry <= block.timestamp || args.expiry > block.timestamp + MAX_AHEAD) revert BadTime();
        if (!streams.isOffered(args.streamId, args.planHash, args.splitHash)) revert NoPlan();
        id = keccak256(abi.encode(address(this), uint256(chainId), msg.sender, args.streamId, uint256(nonce)));
        Channel storage channel = channels[id];
        channel.payer = msg.sender;
        channel.status = ChannelStatus.Open;
        channel.expiry = args.expiry;
        channel.payerKey = args.payerKey;
        channel.deposit = uint128(msg.value);
        channel.streamId = args.streamId;
        channel.planHash = args.planHash;
        channel.splitHash = args.splitHash;
        emit ChannelOpened(
            args.streamId, msg.sender, id, nonce, args.payerKey, args.planHash, args.splitHash, channel.deposit, args.expiry
        );
    }

    function topUp(bytes32 id) external payable unlocked {
        Channel storage channel = channels[id];
        if (channel.status != ChannelStatus.Open) revert WrongChannelStatus(channel.status);
        if (msg.sender != channel.payer) revert NotPayer();
        if (msg.value == 0) revert NoDeposit();
        channel.deposit += uint128(msg.value);
        emit ChannelToppedUp(channel.streamId, channel.payer, id, channel.deposit);
    }

    /// Pays what a voucher says beyond what is paid, to the split, whoever calls; until the channel is closed.
    function redeem(Voucher calldata voucher, bytes calldata signature, address[] calldata payees, uint16[] calldata shares)
        external
        unlocked
    {
        bytes32 id = voucher.channelId;
        Channel storage channel = alive(id);
        if (voucher.plan != channel.planHash) revert WrongPlan();
        if (Split.hash(payees, shares) != channel.splitHash) revert Split.BadSplit();
        if (signerOf(voucher, signature) != channel.payerKey) revert WrongSigner();
        uint128 before = channel.paid;
        uint128 due = voucher.cumulativeAmount < channel.deposit ? voucher.cumulativeAmount : channel.deposit;
        if (due <= before) revert NothingToRedeem(before);
        channel.paid = due;
        uint128 fee = feeOf(due) - feeOf(before);
        burnt += fee;
        share(before, due, payees, shares);
        emit ChannelRedeemed(
            channel.streamId, channel.payer, id, voucher.cumulativeUnits, voucher.cumulativeAmount, voucher.epochTo, due, fee
        );
    }

    /// By the payer, or by anyone when the expiry has passed. The payee keeps a while to redeem.
    function requestClose(bytes32 id) external unlocked {
        Channel storage channel = channels[id];
        if (channel.status != ChannelStatus.Open) revert WrongChannelStatus(channel.status);
        if (msg.sender != channel.payer && block.timestamp < channel.expiry) revert NotExpired(channel.expiry);
        channel.status = ChannelStatus.Closing;
        channel.closingAt = BlockClock.fromNow(closeTime, periodMs);
        emit ChannelClosing(channel.streamId, channel.payer, id, channel.closingAt);
    }

    function finalizeClose(bytes32 id) external unlocked {
        Channel storage channel = channels[id];
        if (channel.status != ChannelStatus.Closing) revert WrongChannelStatus(channel.status);
        uint256 from = uint256(channel.closingAt) + grace;
        if (block.number < from) revert TooEarly(from);
        close(id, channel);
    }

    /// At once, by the account that owns the stream: not by its publisher, and no gateway, which a payer could bribe to close
    /// before the best voucher is redeemed.
    function closeNow(bytes32 id) external unlocked {
        Channel storage channel = alive(id);
        if (msg.sender != streams.ownerOf(channel.streamId)) revert NotStreamOwner();
        close(id, channel);
    }

    // ------------------------------------------------------------------ views

    function channelOf(bytes32 id) external view returns (Channel memory) {
        return channels[id];
    }

    // ------------------------------------------------------------------ inside

    function close(bytes32 id, Channel storage channel) private {
        uint128 refund = channel.deposit - channel.paid;
        channel.status = ChannelStatus.Closed;
        balances[channel.payer] += refund;
        emit ChannelClosed(channel.streamId, channel.payer, id, channel.paid, refund);
    }

    /// Fee and shares are those of the whole sum, less those of what was paid before: redeeming often changes nothing.
    function share(uint128 before, uint128 due, address[] calldata payees, uint16[] calldata shares) private {
        uint256 restBefore = before - feeOf(before);
        uint256 rest = due - feeOf(due);
        uint256 first = rest - restBefore;
        for (uint256 i = 1; i < payees.length; i++) {
            uint256 part = (rest * shares[i]) / Split.WHOLE - (restBefore * shares[i]) / Split.WHOLE;
            balances[payees[i]] += uint128(part);
            first -= part;
        }
        balances[payees[0]] += uint128(first);
    }

    function feeOf(uint128 amount) private view returns (uint128) {
        return uint128((uint256(amount) * feeBps) / BPS);
    }

    function alive(bytes32 id) private view returns (Channel storage channel) {
        channel = channels[id];
        if (channel.status != ChannelStatus.Open && channel.status != ChannelStatus.Closing) revert WrongChannelStatus(channel.status);
    }

    function signerOf(Voucher calldata v, bytes calldata signature) private view returns (address) {
        bytes32 structHash =
            keccak256(abi.encode(VOUCHER_TYPE, v.channelId, v.cumulativeUnits, v.cumulativeAmount, v.epochTo, v.plan));
        return TypedData.signerOf(domain, structHash, signature);
    }
}
