// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

/// Balances that their owners withdraw, what is to be burnt, and the lock around the calls to foreign code (docs/protocol/11 §4.3).
abstract contract Purse {
    address private constant FIRE = 0x000000000000000000000000000000000000dEaD;

    mapping(address => uint128) public balances;
    /// To be sent to the fire by `sweepBurn`.
    uint128 public burnt;
    bool private paying;

    event Withdrawn(address indexed account, uint128 amount);
    event BurnSwept(uint128 amount);

    error NothingToWithdraw();
    error Reentered();
    error PaymentFailed();

    modifier unlocked() {
        if (paying) revert Reentered();
        _;
    }

    /// Pays a balance to its owner, whoever calls. The one call to foreign code: nothing may come back in.
    function withdraw(address account) external unlocked {
        uint128 amount = balances[account];
        if (amount == 0) revert NothingToWithdraw();
        balances[account] = 0;
        emit Withdrawn(account, amount);
        send(account, amount);
    }

    function sweepBurn() external unlocked {
        uint128 amount = burnt;
        if (amount == 0) revert NothingToWithdraw();
        burnt = 0;
        emit BurnSwept(amount);
        send(FIRE, amount);
    }

    function send(address to, uint256 amount) private {
        paying = true;
        (bool sent,) = to.call{value: amount}("");
        paying = false;
        if (!sent) revert PaymentFailed();
    }
}
