// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

/// Spans of time as numbers of blocks: the block clock stops in an outage and cannot be bent (docs/protocol/11 §4.3).
library BlockClock {
    function blocksOf(uint256 spanSeconds, uint256 periodMs) internal pure returns (uint256) {
        return (spanSeconds * 1000 + periodMs - 1) / periodMs;
    }

    /// The block `spanSeconds` from now.
    function fromNow(uint256 spanSeconds, uint256 periodMs) internal view returns (uint48) {
        return uint48(block.number + blocksOf(spanSeconds, periodMs));
    }
}
