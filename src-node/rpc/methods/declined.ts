/** Methods of other nodes that this one does not have, and why: the answer says it, and recorded answers are not compared. */

const WALLET = 'keys sign in the wallet, after a sheet that says what the signature does; send what it signed with eth_sendRawTransaction';
const NO_PEERS = 'this node has no peers yet';
const NO_CAMPAIGN = 'this node does not campaign for a seat in the committee';
const RUNTIME = 'it belongs to the run-time of another program';

const REASONS: readonly (readonly [names: RegExp, reason: string])[] = [
  [/^eth_(?:sendTransaction|signTransaction|sign|resend)$/, WALLET],
  [/^eth_subscribeSyncStatus$/, 'subscribe to "syncing"'],
  [/^personal_(?!ecRecover$)/, WALLET],
  [/^admission_(?:admissionKey|setAdmissionKey)$/, 'private keys are shown to nobody'],
  [/^admission_(?:checkNetworkStatus|ignoreNetworkCheck)$/, 'the check calls a host that a contract names, and this node calls nobody on its own'],
  [/^admission_fundForRNode$/, 'the deposit of an RNode is made in the wallet'],
  [/^admission_(?!abort$|getStatus$|isRNode$)/, NO_CAMPAIGN],
  [/^miner_(?!stop$)/, NO_CAMPAIGN],
  [/^admin_(?:addPeer|removePeer|subscribe|unsubscribe)$/, NO_PEERS],
  [/^admin_(?:start|stop)(?:RPC|WS)$/, 'the server runs as long as the program'],
  [/^debug_traceBlockFromFile$/, 'blocks are traced by number, hash or content'],
  [/^debug_setHead$/, 'blocks of this chain are final'],
  [/^debug_(?:metrics|chaindb\w+|\w*(?:Profile|Trace|Stats|Memory|GCPercent|Rate|Fraction)|stacks)$/, RUNTIME],
];

/** Undefined for a name that no node knows. */
export function reasonDeclined(method: string): string | undefined {
  return REASONS.find(([names]) => names.test(method))?.[1];
}
