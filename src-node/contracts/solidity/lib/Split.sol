// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

/// Who gets the price of a sale, in shares of 1/10,000. Contracts keep the hash; whoever settles shows the lists again.
library Split {
    uint256 internal constant WHOLE = 10_000;
    uint256 private constant MAX_PAYEES = 16;

    error BadSplit();

    function hash(address[] calldata payees, uint16[] calldata shares) internal pure returns (bytes32) {
        return keccak256(abi.encode(payees, shares));
    }

    /// One to sixteen payees, none of them zero, shares that sum up to the whole.
    function check(address[] calldata payees, uint16[] calldata shares) internal pure {
        if (payees.length == 0 || payees.length > MAX_PAYEES || payees.length != shares.length) revert BadSplit();
        uint256 sum = 0;
        for (uint256 i = 0; i < payees.length; i++) {
            if (payees[i] == address(0)) revert BadSplit();
            sum += shares[i];
        }
        if (sum != WHOLE) revert BadSplit();
    }
}
