// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

struct Point {
    uint256 x;
    uint256 y;
}

/// secp256k1 as far as the order keys need it (docs/protocol/11 §4.6, §4.7).
library Curve {
    uint256 internal constant P = 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f;
    uint256 internal constant N = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;
    uint256 private constant GX = 0x79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798;
    uint256 private constant GY = 0x483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8;

    /// On the curve, with 1 <= x < n and 1 <= y < p: what a party of an order may be asked to multiply.
    function isPoint(Point memory q) internal pure returns (bool) {
        if (q.x == 0 || q.x >= N || q.y == 0 || q.y >= P) return false;
        return mulmod(q.y, q.y, P) == addmod(mulmod(mulmod(q.x, q.x, P), q.x, P), 7, P);
    }

    function generator() internal pure returns (Point memory) {
        return Point(GX, GY);
    }

    /// Whether k·q == product, for a point q as above: ecrecover of r = x, s = k·x and hash 0 is the address of k·q.
    function isProduct(uint256 k, Point memory q, Point memory product) internal pure returns (bool) {
        if (k == 0 || k >= N) return false;
        address recovered = ecrecover(0, uint8(27 + (q.y & 1)), bytes32(q.x), bytes32(mulmod(k, q.x, N)));
        return recovered != address(0) && recovered == address(uint160(uint256(keccak256(abi.encode(product)))));
    }
}
