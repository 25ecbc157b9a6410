// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

/// Trees of docs/protocol/11 §4.5: inner = SHA256(0x01 ‖ left ‖ right), an odd last node moves up unchanged.
library Merkle {
    /// Whether `node` stands at `index` of `count`. The two fix on which levels a sibling exists, so that a path with a
    /// missing or a spare element is refused.
    function contains(bytes32 root, bytes32 node, uint256 index, uint256 count, bytes32[] calldata path) internal pure returns (bool) {
        if (index >= count) return false;
        uint256 used = 0;
        while (count > 1) {
            bool hasLeft = index & 1 == 1;
            if (hasLeft || index + 1 < count) {
                if (used == path.length) return false;
                bytes32 sibling = path[used++];
                node = hasLeft ? sha256(abi.encodePacked(bytes1(0x01), sibling, node)) : sha256(abi.encodePacked(bytes1(0x01), node, sibling));
            }
            index >>= 1;
            count = (count + 1) >> 1;
        }
        return used == path.length && node == root;
    }
}
