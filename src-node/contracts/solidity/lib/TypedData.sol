// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

/// Signatures over typed data (docs/protocol/11 §4.3, §4.29): the domain names the chain by id and first block.
library TypedData {
    /// keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract,bytes32 salt)"), written out,
    /// for the compiler would put the text behind the instructions, where the build looks for forbidden ones.
    bytes32 private constant DOMAIN_TYPE = 0xd87cd6ef79d4e2b95e15ce8abf732db51ec771f1ca2edccf22a46c729ac56472;
    uint256 private constant HALF_N = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0;

    error BadSignature();

    /// Of the contract that asks.
    function separator(uint256 chainId, bytes32 genesisHash) internal view returns (bytes32) {
        return keccak256(abi.encode(DOMAIN_TYPE, keccak256("PDash"), keccak256("1"), chainId, address(this), genesisHash));
    }

    /// Who signed r ‖ s ‖ v. One signature has one form: v is 27 or 28, s is low.
    function signerOf(bytes32 domain, bytes32 structHash, bytes calldata signature) internal pure returns (address signer) {
        if (signature.length != 65) revert BadSignature();
        bytes32 r = bytes32(signature[0:32]);
        bytes32 s = bytes32(signature[32:64]);
        uint8 v = uint8(signature[64]);
        if ((v != 27 && v != 28) || uint256(s) > HALF_N) revert BadSignature();
        signer = ecrecover(keccak256(abi.encodePacked(hex"1901", domain, structHash)), v, r, s);
        if (signer == address(0)) revert BadSignature();
    }
}
