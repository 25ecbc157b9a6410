/** Where our answers differ from the recorded ones by their nature, and what of them is compared all the same. */

interface Asked {
  readonly method: string;
  readonly params: readonly unknown[];
}

/** An answer that is another one, but alike. */
export interface Difference {
  readonly is: (request: Asked) => boolean;
  /** What differs, and why. */
  readonly alike: string;
  /** The result that ours must be: the recorded one, but for what differs, which is taken from ours when its form is right. */
  readonly expected: (recorded: unknown, ours: unknown) => unknown;
}

interface Snapshot {
  readonly candidates: readonly string[];
  readonly proposers: Readonly<Record<string, readonly string[]>>;
}

type Fields = Readonly<Record<string, unknown>>;

/** Of filters and subscriptions: up to 16 random bytes. */
export const IDENTIFIER = /0x[0-9a-f]{1,32}/;
export const RANDOM_NAME = 'names of filters and subscriptions are random';
const QUANTITY = /^0x(?:0|[1-9a-f][0-9a-f]*)$/;
const HASH = /^0x[0-9a-f]{64}$/;
const DURATION = /^[\d.]+(?:ns|µs|ms|s)$/;
const ANY_TEXT = /^[^]*$/;

/** Not compared: what the recorded node was asked to do or to tell has no like here. */
export const EXCEPTIONS: Readonly<Record<string, string>> = {
  admin_peers: 'this node has no peers yet',
  personal_sign: 'the recorded node signed with a key that it had made at random and told nobody',
};

const named = (...methods: readonly string[]): Difference['is'] => ({ method }) => methods.includes(method);
/** Ours, when it is a text of this form. */
const ofForm = (form: RegExp): Difference['expected'] => (recorded, ours) => (typeof ours === 'string' && form.test(ours) ? ours : recorded);
/** Ours in some fields, when each is a text of this form. */
const butFor = (form: RegExp, names: readonly string[], recorded: Fields, ours: Fields): Fields => Object.fromEntries(Object.entries(recorded).map(([name, value]) => [name, names.includes(name) ? ofForm(form)(value, ours[name]) : value]));

export const DIFFERENCES: readonly Difference[] = [
  { is: named('eth_newFilter', 'eth_newBlockFilter', 'eth_newPendingTransactionFilter'), alike: RANDOM_NAME, expected: ofForm(new RegExp(`^${IDENTIFIER.source}$`)) },
  { is: named('web3_clientVersion'), alike: 'the name of the program', expected: ofForm(ANY_TEXT) },
  { is: named('net_peerCount'), alike: 'this node has no peers yet', expected: ofForm(QUANTITY) },
  { is: named('admin_datadir'), alike: 'the folder of another computer', expected: ofForm(ANY_TEXT) },
  { is: named('personal_listWallets'), alike: 'where the files of keys lie is not said', expected: (recorded) => JSON.parse(JSON.stringify(recorded).replace(/keystore:\/\/[^"]*/g, 'keystore://wallet')) as unknown },
  {
    is: named('dpor_getSnapshot', 'dpor_getSnapshotAtHash'),
    alike: 'the recorded node held no elections: it names no candidates, and proposers of its first term only',
    expected: (recorded, ours) => ({ ...(recorded as Snapshot), candidates: (ours as Snapshot).candidates, proposers: { ...(ours as Snapshot).proposers, ...(recorded as Snapshot).proposers } }),
  },
  {
    is: named('admin_nodeInfo'),
    alike: 'who the node is among peers',
    expected: (recorded, ours) => ({ ...butFor(ANY_TEXT, ['id', 'name', 'enode', 'ip', 'listenAddr'], recorded as Fields, ours as Fields), ports: { discovery: 0, listener: 0 }, protocols: (recorded as Fields)['protocols'] }),
  },
  {
    is: ({ method, params }) => method === 'eth_getBlockByNumber' && params[0] === 'pending',
    alike: 'a field that readers insist on; the state, in which no account is paid for a block that is not sealed',
    expected: (recorded, ours) => ({ difficulty: '0x0', ...butFor(HASH, ['stateRoot'], recorded as Fields, ours as Fields) }),
  },
  {
    is: ({ params: [, options] }) => typeof options === 'object' && options !== null && 'tracer' in options,
    alike: 'how long an execution took',
    expected: (recorded, ours) => butFor(DURATION, ['time'], recorded as Fields, ours as Fields),
  },
  {
    is: named('debug_printBlock'),
    alike: 'where a printed value stood in the memory of the recorded node, and how much memory it had',
    expected: (recorded) => (recorded as string).replace(/\(0xc[0-9a-f]+\)(?=\()/g, '').replace(/ cap=\d+/g, ''),
  },
  { is: ({ method }) => method.startsWith('eth_getBlockBy'), alike: 'a field that readers insist on', expected: (recorded) => ({ difficulty: '0x0', ...(recorded as Fields) }) },
];
