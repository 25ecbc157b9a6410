/** Methods of other nodes that this one does not have, and why: the answer says it, and recorded answers are not compared. */

const NO_WALLET = 'this node has no wallet';
const NOT_KEPT = 'the wallet hands out no signed transaction that it does not send and watch itself; ask with eth_sendTransaction, or sign elsewhere and use eth_sendRawTransaction';
const REPLACED = 'what waits for its block is sped up or cancelled in the wallet';
const UNLOCKED = 'the wallet is unlocked in its window, by its owner';
const NEW_ACCOUNT = 'accounts are made and imported in the wallet, where their backup is checked';
const NO_HARDWARE = 'hardware wallets are not supported';
const NO_PEERS = 'this node has no peers yet';
const NO_CAMPAIGN = 'this node does not campaign for a seat in the committee';
const RUNTIME = 'it belongs to the run-time of another program';

const REASONS: readonly (readonly [names: RegExp, reason: string])[] = [
  [/^(?:eth|personal)_signTransaction$/, NOT_KEPT],
  [/^eth_resend$/, REPLACED],
  [/^personal_unlockAccount$/, UNLOCKED],
  [/^personal_(?:newAccount|importRawKey)$/, NEW_ACCOUNT],
  [/^personal_(?:openWallet|deriveAccount)$/, NO_HARDWARE],
  [/^(?:eth_(?:sendTransaction|sign)|personal_(?:sendTransaction|signAndSendTransaction|sign|listAccounts|listWallets|lockAccount))$/, NO_WALLET],
  [/^eth_subscribeSyncStatus$/, 'subscribe to "syncing"'],
  [/^admission_(?:admissionKey|setAdmissionKey)$/, 'private keys are shown to nobody'],
  [/^admission_(?:checkNetworkStatus|ignoreNetworkCheck)$/, 'the check calls a host that a contract names, and this node calls nobody on its own'],
  [/^admission_fundForRNode$/, 'the deposit of an RNode is made in the wallet'],
  [/^admission_(?!abort$|getStatus$|isRNode$)/, NO_CAMPAIGN],
  [/^miner_(?!stop$)/, NO_CAMPAIGN],
  [/^admin_(?:addPeer|removePeer|subscribe|unsubscribe)$/, NO_PEERS],
  [/^admin_(?:start|stop)(?:RPC|WS)$/, 'the server runs as long as the program'],
  [/^debug_setHead$/, 'blocks of this chain are final'],
  [/^debug_metrics$/, 'this node keeps no such counters'],
  [/^debug_(?:\w*(?:Profile|Trace|Stats|Memory|GCPercent|Rate|Fraction)|stacks)$/, RUNTIME],
];

/** Undefined for a name that no node knows. */
export function reasonDeclined(method: string): string | undefined {
  return REASONS.find(([names]) => names.test(method))?.[1];
}
