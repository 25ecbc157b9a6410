// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

/// AES-256 in counter mode, sixteen blocks at a time: the cipher of suite 1 (docs/protocol/11 §4.5).
///
/// Bit slicing: eight words ("planes") hold one bit of every byte each, so that one AND or XOR works on 256 bytes. It costs
/// 3,300 gas a block and no tables; look-up tables cost 8,500.
///
/// A plane is four rows of 64 bits (row 0 on top), a row is four columns of 16 bits (column 0 on top), a column has one
/// bit for each block. Bit l of a column belongs to block 2·(l mod 8) + (l < 8 ? 1 : 0): after the last round the planes
/// then turn into eight words of two neighbouring blocks each.
library AesCtr {
    /// A fixed workspace, so that its addresses are constants of the code: the planes, …
    uint256 private constant PLANES = 0x4000;
    /// … 256 bytes for each round key (key 0 has none, it goes into the counter block), …
    uint256 private constant KEYS = 0x4000;
    uint256 private constant LAST_KEY = 0x4e00;
    /// … and places for values that live longer than the sixteen of the stack allow.
    uint256 private constant PLACES = 0x4f00;
    uint256 private constant END = 0x5500;

    /// `data` XOR the key stream from block `counter` on. The counter is even; the upper 96 bits of a counter block are zero.
    /// Reverts when the memory used before reaches into the workspace (it would need more than 15 kB of input).
    function crypt(bytes32 key, uint256 counter, bytes calldata data) internal pure returns (bytes memory out) {
        out = data;
        assembly ("memory-safe") {
            function plane(i) -> value {
                value := mload(add(PLANES, shl(5, i)))
            }

            function setPlane(i, value) {
                mstore(add(PLANES, shl(5, i)), value)
            }

            function get(place) -> value {
                value := mload(add(PLACES, shl(5, place)))
            }

            function put(place, value) {
                mstore(add(PLACES, shl(5, place)), value)
            }

            // Boyar and Peralta, "A small depth-16 circuit for the AES S-box" (2012), with the names of the paper but
            // without its four negations: the planes become S(x) ^ 0x63, and the round keys carry the 0x63.
            // y1 to y21 are kept in places 1 to 21, t29 to t45 in places 29 to 45, x7 in place 0.
            function topLinear() {
                let x0 := plane(7)
                let x1 := plane(6)
                let x3 := plane(4)
                let x5 := plane(2)
                let x6 := plane(1)
                let x7 := plane(0)
                put(0, x7)
                let y14 := xor(x3, x5)
                let y13 := xor(x0, x6)
                let y9 := xor(x0, x3)
                let y8 := xor(x0, x5)
                let t0 := xor(x1, plane(5))
                let y1 := xor(t0, x7)
                let y5 := xor(y1, x6)
                let y12 := xor(y13, y14)
                put(14, y14)
                put(13, y13)
                put(9, y9)
                put(8, y8)
                put(1, y1)
                put(4, xor(y1, x3))
                put(12, y12)
                put(2, xor(y1, x0))
                put(5, y5)
                put(3, xor(y5, y8))
                let t1 := xor(plane(3), y12)
                let y15 := xor(t1, x5)
                let y20 := xor(t1, x1)
                let y10 := xor(y15, t0)
                let y11 := xor(y20, y9)
                let y16 := xor(t0, y11)
                put(15, y15)
                put(20, y20)
                put(6, xor(y15, x7))
                put(10, y10)
                put(11, y11)
                put(7, xor(x7, y11))
                put(17, xor(y10, y11))
                put(19, xor(y10, y8))
                put(16, y16)
                put(21, xor(y13, y16))
                put(18, xor(x0, y16))
            }

            function inversion() {
                let t2 := and(get(12), get(15))
                let t7 := and(get(13), get(16))
                let t12 := and(get(9), get(11))
                let t14 := xor(and(get(14), get(17)), t12)
                let t16 := xor(and(get(8), get(10)), t12)
                let t21 := xor(xor(xor(and(get(3), get(6)), t2), t14), get(20))
                let t22 := xor(xor(xor(and(get(4), get(0)), t2), t16), get(19))
                let t23 := xor(xor(xor(and(get(5), get(1)), t7), t14), get(21))
                let t24 := xor(xor(xor(and(get(2), get(7)), t7), t16), get(18))
                let t25 := xor(t21, t22)
                let t26 := and(t21, t23)
                let t27 := xor(t24, t26)
                let t29 := xor(and(t25, t27), t22)
                let t33 := xor(and(xor(t22, t26), xor(t23, t24)), t24)
                let t36 := and(t24, xor(t27, t33))
                let t37 := xor(t36, xor(t23, t33))
                let t40 := xor(t25, and(t29, xor(t27, t36)))
                let t41 := xor(t40, t37)
                let t42 := xor(t29, t33)
                put(29, t29)
                put(33, t33)
                put(37, t37)
                put(40, t40)
                put(41, t41)
                put(42, t42)
                put(43, xor(t29, t40))
                put(44, xor(t33, t37))
                put(45, xor(t42, t41))
            }

            function bottomLinear() {
                let z2 := and(get(33), get(0))
                let z3 := and(get(43), get(16))
                let z4 := and(get(40), get(1))
                let z5 := and(get(29), get(7))
                let z7 := and(get(45), get(17))
                let z10 := and(get(37), get(3))
                let z12 := and(get(43), get(13))
                let z16 := and(get(45), get(14))
                let t46 := xor(and(get(42), get(9)), z16)
                let t58 := xor(z4, t46)
                let t53 := xor(and(get(44), get(15)), z3)
                let t57 := xor(xor(z2, z12), t53)
                let t48 := xor(z5, and(get(40), get(5)))
                setPlane(0, xor(t48, xor(t46, t57)))
                let t62 := xor(xor(z7, and(get(41), get(10))), t58)
                setPlane(1, xor(xor(z12, t48), t62))
                let t63 := xor(xor(and(get(44), get(12)), z10), t58)
                let t66 := xor(and(get(37), get(6)), t63)
                setPlane(3, xor(xor(z2, z5), t66))
                let s3 := xor(t53, t66)
                setPlane(4, s3)
                let t65 := xor(xor(and(get(29), get(2)), t57), t62)
                setPlane(2, xor(xor(z10, and(get(33), get(4))), t65))
                let t59 := xor(z3, xor(and(get(42), get(11)), z7))
                setPlane(7, xor(t59, t63))
                let t64 := xor(z4, t59)
                setPlane(6, xor(t64, s3))
                setPlane(5, xor(xor(z16, and(get(41), get(8))), xor(t64, t65)))
            }

            function subBytes() {
                topLinear()
                inversion()
                bottomLinear()
            }

            // Exchanges the bits under mask m with those d places above them.
            function exchange(x, d, m) -> y {
                let t := and(xor(x, shr(d, x)), m)
                y := xor(x, xor(t, shl(d, t)))
            }

            // Row r moves r columns to the left: rows 1 and 3 by one column, then rows 2 and 3 by two.
            function shiftRows(x) -> y {
                y := or(
                    and(x, 0xffffffffffffffff0000000000000000ffffffffffffffff0000000000000000),
                    or(
                        and(shl(16, x), 0xffffffffffff00000000000000000000ffffffffffff0000),
                        and(shr(48, x), 0x000000000000ffff0000000000000000000000000000ffff)
                    )
                )
                y := exchange(y, 32, 0x00000000ffffffff00000000ffffffff)
            }

            // ShiftRows, MixColumns and AddRoundKey of plane i. The doubled part t belongs to the plane above (x·2 in the field).
            function mix(i, key256) -> t, rest {
                let row := shiftRows(plane(i))
                let below := or(shl(64, row), shr(192, row))
                t := xor(row, below)
                rest := xor(xor(below, or(shl(128, t), shr(128, t))), mload(add(key256, shl(5, i))))
            }

            function mixRows(key256) {
                let t7, rest7 := mix(7, key256)
                let t6, rest6 := mix(6, key256)
                setPlane(7, xor(rest7, t6))
                let t5, rest5 := mix(5, key256)
                setPlane(6, xor(rest6, t5))
                let t4, rest4 := mix(4, key256)
                setPlane(5, xor(rest5, t4))
                let t3, rest3 := mix(3, key256)
                setPlane(4, xor(xor(rest4, t3), t7))
                let t2, rest2 := mix(2, key256)
                setPlane(3, xor(xor(rest3, t2), t7))
                let t1, rest1 := mix(1, key256)
                setPlane(2, xor(rest2, t1))
                let t0, rest0 := mix(0, key256)
                setPlane(1, xor(xor(rest1, t0), t7))
                setPlane(0, xor(rest0, t7))
            }

            function lastRound() {
                for { let i := 0 } lt(i, 8) { i := add(i, 1) } {
                    setPlane(i, xor(shiftRows(plane(i)), mload(add(LAST_KEY, shl(5, i)))))
                }
            }

            // Eight planes that hold the 16-byte value x in every block.
            function slice(to, x) {
                x := exchange(x, 48, 0xffff0000ffff0000)
                x := exchange(x, 24, 0xff00ff0000000000ff00ff00)
                x := and(or(x, shl(64, x)), 0xffffffffffffffff0000000000000000ffffffffffffffff)
                x := and(or(x, shl(32, x)), 0x00000000ffffffff00000000ffffffff00000000ffffffff00000000ffffffff)
                x := and(or(x, shl(16, x)), 0x0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff)
                x := and(or(x, shl(8, x)), 0x00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff)
                for { let end := add(to, 0x100) } lt(to, end) { to := add(to, 0x20) } {
                    mstore(to, mul(and(x, 0x0001000100010001000100010001000100010001000100010001000100010001), 0xffff))
                    x := shr(1, x)
                }
            }

            function subWord(word) -> result {
                for { let i := 0 } lt(i, 8) { i := add(i, 1) } { setPlane(i, and(shr(i, word), 0x01010101)) }
                subBytes()
                for { let i := 0 } lt(i, 8) { i := add(i, 1) } { result := or(result, shl(i, plane(i))) }
                result := xor(result, 0x63636363)
            }

            function expandKey(key256) {
                let before := shr(128, key256)
                let last := and(key256, 0xffffffffffffffffffffffffffffffff)
                for { let round := 1 } 1 { round := add(round, 1) } {
                    slice(add(KEYS, shl(8, round)), xor(last, 0x63636363636363636363636363636363))
                    if eq(round, 14) { break }
                    let word := and(last, 0xffffffff)
                    switch and(round, 1)
                    case 1 {
                        word := subWord(and(or(shl(8, word), shr(24, word)), 0xffffffff))
                        word := xor(word, shl(add(24, shr(1, round)), 1))
                    }
                    default { word := subWord(word) }
                    before := xor(before, shr(32, before))
                    before := xor(xor(before, shr(64, before)), mul(word, 0x00000001000000010000000100000001))
                    let next := before
                    before := last
                    last := next
                }
            }

            // Exchanges the bits under mask m of plane j with those d places above them in plane i.
            function exchangePlanes(i, j, d, m) {
                let x := plane(i)
                let y := plane(j)
                let t := and(xor(shr(d, x), y), m)
                setPlane(i, xor(x, shl(d, t)))
                setPlane(j, xor(y, t))
            }

            // Planes to bytes: word j then has the bytes of blocks 2j and 2j + 1, still by row and column.
            function unslice() {
                for { let i := 0 } lt(i, 8) { i := add(i, 2) } {
                    exchangePlanes(i, add(i, 1), 1, 0x5555555555555555555555555555555555555555555555555555555555555555)
                }
                for { let i := 0 } lt(i, 2) { i := add(i, 1) } {
                    exchangePlanes(i, add(i, 2), 2, 0x3333333333333333333333333333333333333333333333333333333333333333)
                    exchangePlanes(add(i, 4), add(i, 6), 2, 0x3333333333333333333333333333333333333333333333333333333333333333)
                }
                for { let i := 0 } lt(i, 4) { i := add(i, 1) } {
                    exchangePlanes(i, add(i, 4), 4, 0x0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f)
                }
            }

            // Bytes by (row, column, block) to bytes by (block, column, row).
            function natural(x) -> y {
                y := exchange(x, 120, 0xff00ff00ff00ff00ff00ff00ff00ff00)
                y := exchange(y, 56, 0xff00ff00ff00ff000000000000000000ff00ff00ff00ff00)
                y := exchange(y, 32, 0xffffffff000000000000000000000000ffffffff00000000)
                y := exchange(y, 16, 0x00000000ffff000000000000ffff000000000000ffff000000000000ffff0000)
            }

            // The key stream of blocks base to base + 15, as eight words in the planes. The low four bits of the counter
            // differ by block, the rest is the same for all sixteen.
            function keyStream(key256, base) {
                slice(PLANES, xor(shr(128, key256), base))
                setPlane(0, xor(plane(0), 0x00ff))
                setPlane(1, xor(plane(1), 0xaaaa))
                setPlane(2, xor(plane(2), 0xcccc))
                setPlane(3, xor(plane(3), 0xf0f0))
                for { let roundKey := add(KEYS, 0x100) } lt(roundKey, LAST_KEY) { roundKey := add(roundKey, 0x100) } {
                    subBytes()
                    mixRows(roundKey)
                }
                subBytes()
                lastRound()
                unslice()
            }

            if gt(mload(0x40), PLANES) { revert(0, 0) }
            mstore(0x40, END)
            expandKey(key)
            let start := shl(4, counter)
            let size := mload(out)
            for { let base := and(counter, not(15)) } lt(shl(4, base), add(start, size)) { base := add(base, 16) } {
                keyStream(key, base)
                for { let i := 0 } lt(i, 8) { i := add(i, 1) } {
                    let offset := sub(add(shl(4, base), shl(5, i)), start) // wraps round for blocks before the first
                    if lt(offset, size) {
                        let at := add(add(out, 0x20), offset)
                        mstore(at, xor(mload(at), natural(plane(i))))
                    }
                }
            }
        }
    }
}
