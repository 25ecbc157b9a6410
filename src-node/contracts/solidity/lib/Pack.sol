// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

/// What the chain knows of a version; never taken from the sender of a proof.
struct Pack {
    address seller;
    bytes32 versionSalt;
    bytes32 dataRoot;
    bytes32 keyCommit;
    uint32 chunkCount;
    uint8 suite;
}
