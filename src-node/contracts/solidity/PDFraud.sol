// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {AesCtr} from "./lib/AesCtr.sol";
import {Curve, Point} from "./lib/Curve.sol";
import {Merkle} from "./lib/Merkle.sol";
import {Pack} from "./lib/Pack.sol";

/// Opens the key that was posted for an order: b·G = B, b·E = S, K' = W ^ SHA256("PDW1" ‖ S ‖ orderId).
struct KeyOpening {
    uint256 b;
    Point buyerKey;
    Point ephemeral;
    bytes32 wrapped;
    Point shared;
}

/// A chunk as its leaf commits to it.
struct Leaf {
    uint64 index;
    uint32 length;
    bytes16 salt;
    bytes32 unitRoot;
    bytes32 keyCommit;
}

/// A unit as the joint item of its chunk's tree commits to it.
struct UnitOpening {
    uint32 index;
    bytes32 chunkKey;
    bytes32 plainHash;
    bytes cipher;
    bytes32[] path;
}

/// Verifies proofs of fraud (docs/protocol/11 §4.7). No storage, no ether: each call returns when the fraud is proven and
/// reverts with the reason when it is not.
contract PDFraud {
    error BadPoint();
    error NotTheProduct();
    error KeyNotCommitted();
    error NotInVersion();
    error NotInChunk();
    error WrongLength();
    error UnknownSuite();
    error NoFraud();

    /// Bytes of a unit of the suite, 0 for a suite that is not known.
    function unitSize(uint8 suite) public pure returns (uint32) {
        return suite == 1 ? 4096 : 0;
    }

    function onCurve(Point calldata point) external pure returns (bool) {
        return Curve.isPoint(point);
    }

    /// The posted key is not the one that the version commits to.
    function wrongKey(Pack calldata pack, bytes32 orderId, KeyOpening calldata opening) external pure {
        if (keyCommit(pack, open(orderId, opening)) == pack.keyCommit) revert NoFraud();
    }

    /// The posted key is right, but does not give the key that a chunk commits to.
    function badKeyLeaf(Pack calldata pack, bytes32 orderId, KeyOpening calldata opening, Leaf calldata leaf, bytes32[] calldata path) external pure {
        bytes32 key = open(orderId, opening);
        if (keyCommit(pack, key) != pack.keyCommit) revert KeyNotCommitted();
        checkLeaf(pack, leaf, path);
        bytes32 chunkKey = sha256(abi.encodePacked("PDK1", key, leaf.index, leaf.salt));
        if (chunkKeyCommit(chunkKey) == leaf.keyCommit) revert NoFraud();
    }

    /// A unit does not decrypt to what its chunk commits to.
    function badUnit(Pack calldata pack, Leaf calldata leaf, bytes32[] calldata path, UnitOpening calldata unit) external pure {
        uint32 size = unitSize(pack.suite);
        if (size == 0) revert UnknownSuite();
        checkLeaf(pack, leaf, path);
        if (chunkKeyCommit(unit.chunkKey) != leaf.keyCommit) revert KeyNotCommitted();
        checkUnit(leaf, unit, size);
        bytes memory plain = AesCtr.crypt(unit.chunkKey, 2 + uint256(size / 16) * unit.index, unit.cipher);
        if (sha256(abi.encodePacked("PDU1", unit.chunkKey, unit.index, plain)) == unit.plainHash) revert NoFraud();
    }

    function open(bytes32 orderId, KeyOpening calldata opening) private pure returns (bytes32 key) {
        if (!Curve.isPoint(opening.ephemeral)) revert BadPoint();
        if (!Curve.isProduct(opening.b, Curve.generator(), opening.buyerKey)) revert NotTheProduct();
        if (!Curve.isProduct(opening.b, opening.ephemeral, opening.shared)) revert NotTheProduct();
        return opening.wrapped ^ sha256(abi.encodePacked("PDW1", opening.shared.x, opening.shared.y, orderId));
    }

    function keyCommit(Pack calldata pack, bytes32 key) private pure returns (bytes32) {
        return sha256(abi.encodePacked("PDC0", pack.seller, pack.versionSalt, key));
    }

    function chunkKeyCommit(bytes32 chunkKey) private pure returns (bytes32) {
        return sha256(abi.encodePacked("PDC1", chunkKey));
    }

    function checkLeaf(Pack calldata pack, Leaf calldata leaf, bytes32[] calldata path) private pure {
        bytes32 item = sha256(
            abi.encodePacked("PDL1", pack.seller, pack.versionSalt, leaf.index, leaf.length, leaf.salt, leaf.unitRoot, leaf.keyCommit)
        );
        bytes32 node = sha256(abi.encodePacked(bytes1(0x00), item));
        if (!Merkle.contains(pack.dataRoot, node, leaf.index, pack.chunkCount, path)) revert NotInVersion();
    }

    /// The item binds the number, the cipher text and the hash of the plain text together; it is the node itself.
    function checkUnit(Leaf calldata leaf, UnitOpening calldata unit, uint256 size) private pure {
        uint256 count = (leaf.length + size - 1) / size;
        if (unit.index >= count) revert NotInChunk();
        uint256 left = leaf.length - size * unit.index;
        if (unit.cipher.length != (left < size ? left : size)) revert WrongLength();
        bytes32 node = sha256(abi.encodePacked(bytes1(0x00), "PDX1", unit.index, sha256(unit.cipher), unit.plainHash));
        if (!Merkle.contains(leaf.unitRoot, node, unit.index, count, unit.path)) revert NotInChunk();
    }
}
