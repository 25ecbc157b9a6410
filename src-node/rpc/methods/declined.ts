/** Methods of other nodes that this one does not have, and why: the answer says it, and recorded answers are not compared. */

const WALLET = 'keys sign in the wallet, after a sheet that says what the signature does; send what it signed with eth_sendRawTransaction';
const NO_PEERS = 'this node has no peers yet';
const NO_PROPOSING = 'this node does not propose blocks of this network';
const RUNTIME = 'it belongs to the run-time of another program';
const FILES = 'files are read and written by the command line: cpchain chain import, cpchain chain export';

const REASONS: readonly (readonly [names: RegExp, reason: string])[] = [
  [/^eth_(?:sendTransaction|signTransaction|sign|resend)$/, WALLET],
  [/^personal_(?!ecRecover$)/, WALLET],
  [/^admission_(?:admissionKey|setAdmissionKey)$/, 'private keys are shown to nobody'],
  [/^admission_/, NO_PROPOSING],
  [/^miner_/, NO_PROPOSING],
  [/^dpor_getSnapshot(?:AtHash)?$/, 'terms that are still to come are not computed yet'],
  [/^admin_(?:peers|addPeer|removePeer|nodeInfo|subscribe|unsubscribe)$/, NO_PEERS],
  [/^admin_(?:exportChain|importChain)$/, FILES],
  [/^admin_datadir$/, 'where this program keeps its files is shown in its settings'],
  [/^admin_(?:start|stop)(?:RPC|WS)$/, 'the server runs as long as the program'],
  [/^debug_dporPeers$/, NO_PEERS],
  [/^debug_traceBlockFromFile$/, 'blocks are traced by number, hash or content'],
  [/^debug_setHead$/, 'blocks of this chain are final'],
  [/^debug_(?:metrics|chaindb\w+|\w*(?:Profile|Trace|Stats|Memory|GCPercent|Rate|Fraction)|stacks)$/, RUNTIME],
];

/** Undefined for a name that no node knows. */
export function reasonDeclined(method: string): string | undefined {
  return REASONS.find(([names]) => names.test(method))?.[1];
}
