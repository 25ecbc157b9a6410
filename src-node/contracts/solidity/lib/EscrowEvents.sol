// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {FraudKind, State} from "./EscrowTypes.sol";

/// What PDEscrow tells and why it refuses (docs/protocol/11 §4.29).
abstract contract EscrowEvents {
    event OrderPlaced(
        bytes32 indexed listing,
        address indexed buyer,
        bytes32 indexed order,
        uint32 version,
        uint32 planId,
        uint128 price,
        bytes32 termsHash,
        uint64 nonce,
        uint256 bx,
        uint256 by,
        uint48 deadline
    );
    event OrderReady(bytes32 indexed listing, address indexed buyer, bytes32 indexed order, uint128 reserve, uint48 deadline);
    event KeyPosted(
        bytes32 indexed listing, address indexed buyer, bytes32 indexed order, uint256 ex, uint256 ey, bytes32 wrapped, uint48 deadline
    );
    event CancelRequested(bytes32 indexed listing, address indexed buyer, bytes32 indexed order, uint48 deadline);
    event OrderClosed(bytes32 indexed listing, address indexed buyer, bytes32 indexed order, State state);
    event FraudProven(bytes32 indexed listing, address indexed buyer, bytes32 indexed order, FraudKind kind, uint128 compensation);
    event FeeBurnt(bytes32 indexed listing, address indexed buyer, bytes32 indexed order, uint128 amount);
    event Withdrawn(address indexed account, uint128 amount);
    event BurnSwept(uint128 amount);

    error BadParameters();
    error NotBuyer();
    error NotSellerOrDeliveryKey();
    error WrongState(State state);
    error WrongNonce(uint64 expected);
    error TermsChanged(bytes32 termsHash);
    error PriceTooHigh(uint128 price);
    error WrongValue(uint128 price);
    error WrongBuyerKey();
    error WrongOpening();
    error UnknownSuite();
    error BadPoint();
    error BadSplit();
    error TooManyOpenOrders(uint16 maximum);
    error DeliveryCapReached(uint128 left);
    error TooEarly(uint256 fromBlock);
    error NothingToWithdraw();
    error UnknownEther();
    error Reentered();
    error PaymentFailed();
}
