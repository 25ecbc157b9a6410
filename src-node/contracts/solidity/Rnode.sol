// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

/// Register of RNodes and their deposits: ABI, events and storage layout of docs/protocol/09 §2.
/// The layout is part of the interface: a genesis block writes slots 0-3 and 7 directly.
contract Rnode {
    struct Participant {
        uint256 lockedDeposit;
        uint256 lockedTime;
    }

    /// Addresses in order of joining; leaving moves the last one into the hole.
    struct Members {
        mapping(address => bool) flags;
        mapping(address => uint256) pos;
        address[] values;
    }

    uint256 private constant MIN_THRESHOLD = 200_000 ether;
    uint256 private constant MAX_PERIOD = 1 days;

    address private owner; // slot 0
    uint256 public period; // slot 1, seconds
    uint256 public rnodeThreshold; // slot 2
    uint256 public supportedVersion; // slot 3
    Members private members; // slots 4-6
    bool public enabled; // slot 7
    mapping(address => Participant) public Participants; // slot 8

    event NewRnode(address who, uint256 lockedDeposit, uint256 lockedTime);
    event RnodeQuit(address who);
    event ownerRefund(address who, uint256 amount);
    event ownerRefundAll(uint256 numOfInvestor);

    error NotOwner();
    error Disabled();
    error VersionTooOld(uint256 supported);
    error ContractSender();
    error AlreadyRnode();
    error NotRnode();
    error DepositTooSmall(uint256 threshold);
    error StillLocked(uint256 until);
    error OutOfRange();

    modifier onlyOwner() {
        if (msg.sender != owner) revert NotOwner();
        _;
    }

    constructor() {
        owner = msg.sender;
        period = 100 minutes;
        rnodeThreshold = MIN_THRESHOLD;
        supportedVersion = 1;
        enabled = true;
    }

    function joinRnode(uint256 version) external payable {
        if (!enabled) revert Disabled();
        if (version < supportedVersion) revert VersionTooOld(supportedVersion);
        if (isContract(msg.sender)) revert ContractSender();
        if (members.flags[msg.sender]) revert AlreadyRnode();
        if (msg.value < rnodeThreshold) revert DepositTooSmall(rnodeThreshold);
        Participant storage participant = Participants[msg.sender];
        participant.lockedDeposit += msg.value;
        participant.lockedTime = block.timestamp;
        insert(msg.sender);
        emit NewRnode(msg.sender, participant.lockedDeposit, participant.lockedTime);
    }

    function quitRnode() external {
        if (!members.flags[msg.sender]) revert NotRnode();
        uint256 until = Participants[msg.sender].lockedTime + period;
        if (until > block.timestamp) revert StillLocked(until);
        release(msg.sender);
        emit RnodeQuit(msg.sender);
    }

    function refund(address investor) external onlyOwner {
        if (!members.flags[investor]) revert NotRnode();
        emit ownerRefund(investor, release(investor));
    }

    function refundAll() external onlyOwner {
        uint256 count = members.values.length;
        for (uint256 i = count; i > 0; i--) release(members.values[i - 1]);
        emit ownerRefundAll(count);
    }

    function enableContract() external onlyOwner {
        enabled = true;
    }

    function disableContract() external onlyOwner {
        enabled = false;
    }

    function setPeriod(uint256 _period) external onlyOwner {
        if (_period > MAX_PERIOD) revert OutOfRange();
        period = _period;
    }

    function setRnodeThreshold(uint256 threshold) external onlyOwner {
        if (threshold < MIN_THRESHOLD) revert OutOfRange();
        rnodeThreshold = threshold;
    }

    function setSupportedVersion(uint256 version) external onlyOwner {
        supportedVersion = version;
    }

    function isRnode(address addr) external view returns (bool) {
        return members.flags[addr];
    }

    function getRnodes() external view returns (address[] memory) {
        return members.values;
    }

    function getRnodeNum() external view returns (uint256) {
        return members.values.length;
    }

    function isContract(address addr) public view returns (bool) {
        return addr.code.length > 0;
    }

    function insert(address who) private {
        members.flags[who] = true;
        members.pos[who] = members.values.length;
        members.values.push(who);
    }

    /// Forgets the member before it pays: a receiver that calls back finds nothing left.
    function release(address who) private returns (uint256 deposit) {
        deposit = Participants[who].lockedDeposit;
        Participants[who].lockedDeposit = 0;
        uint256 hole = members.pos[who];
        address last = members.values[members.values.length - 1];
        members.values[hole] = last;
        members.pos[last] = hole;
        members.values.pop();
        delete members.pos[who];
        members.flags[who] = false;
        payable(who).transfer(deposit);
    }
}
