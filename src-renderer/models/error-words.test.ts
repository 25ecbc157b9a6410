import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Codes that no window is ever told, by who is told instead. */
const NEVER_IN_A_WINDOW: Readonly<Record<string, readonly string[]>> = {
  'the command line': ['USAGE', 'INTERRUPTED', 'PORT_IN_USE', 'WRONG_GENESIS', 'BAD_BLOCK_FILE', 'CHAIN_DIFFERS', 'NOTHING_TO_REPAIR', 'BAD_ENGINE', 'GATEWAY_OTHER_KEY', 'NO_STREAM_CONTRACTS'],
  'the log: why a block of a file or a committee is refused': [
    'BAD_BLOCK_DATA', 'NOT_CONNECTED', 'BLOCK_CONFLICT', 'BAD_HEADER', 'BAD_PROPOSERS', 'BAD_SEAL', 'BAD_SIGNATURES', 'BAD_TRANSACTION',
    'BAD_TRANSACTIONS_ROOT', 'BAD_GAS_USED', 'BAD_BLOOM', 'BAD_RECEIPTS_ROOT', 'BAD_STATE_ROOT',
  ],
  'the log: why JSON-RPC has no socket': ['IPC_TAKEN', 'IPC_FAILED'],
  'programs that ask over JSON-RPC': ['BAD_MESSAGE', 'NO_SUCH_METHOD', 'CALL_FAILED', 'INVALID_VALUE', 'NOT_AUTHORISED', 'TOO_BUSY', 'ANSWER_TOO_LONG', 'REQUEST_DECLINED', 'REQUEST_EXPIRED', 'TOO_MANY_REQUESTS'],
  'programs that read a stream from this one, and devices that publish through it': ['BAD_CURSOR', 'BAD_NUMBER', 'NO_SUCH_PATH', 'UNAUTHORISED', 'WEAK_TOKEN', 'BAD_REQUEST_KEY', 'NOT_ACKNOWLEDGED'],
  'the schema of a recording: types of Parquet': ['BYTE_ARRAY', 'INT64'],
  'the protocol of Kafka, and a frame of gateways': ['CORRUPT_MESSAGE', 'MESSAGE_TOO_LARGE', 'NOT_LEADER_FOR_PARTITION', 'OUT_OF_ORDER_SEQUENCE_NUMBER', 'AUTH'],
  'the chain: how a frame of a contract ended': [
    'REVERT', 'OUT_OF_GAS', 'STACK_UNDERFLOW', 'STACK_OVERFLOW', 'INVALID_OPCODE', 'INVALID_JUMP', 'WRITE_PROTECTION', 'RETURN_DATA_OUT_OF_BOUNDS',
    'DEPTH_LIMIT', 'INSUFFICIENT_BALANCE', 'ADDRESS_COLLISION', 'CODE_STORE_OUT_OF_GAS', 'PRECOMPILE_FAILED',
  ],
  'who builds the contracts': ['FORBIDDEN_OPCODE', 'UNKNOWN_TYPE', 'SOLIDITY_ERROR', 'CODE_TOO_LARGE'],
  'a request of another program, or a caller inside the program': ['BODY_TOO_LARGE', 'EMPTY_TREE', 'NO_EPOCH', 'READING_STANDS'],
  'nobody: it carries the code of the failure': ['CODED'],
};

/** Where the first argument is a variable: its codes stand in a table or a union of the same file, or come from one. */
const BY_VARIABLE = [
  'base/errors.ts', 'base/files.ts', 'chain/block-error.ts', 'chain/execution/errors.ts', 'chain/pool/errors.ts', 'contracts/revert-errors.ts',
  'contracts/verify-deployment.ts', 'contracts/verify-stream-deployment.ts', 'db/level-store.ts', 'rpc/protocol/errors.ts', 'streams/client/gateway-client.ts', 'streams/client/gateway-session.ts', 'streams/gateway/refusal.ts', 'wallet/proposals.ts',
].map((path) => join('src-node', path));

const CODE = '[A-Z][A-Z0-9]+(?:_[A-Z0-9]+)*';
const SHAPES = [
  // new CodedError('X', blockError('X', toCoded(error, 'X'
  new RegExp(`\\b(?:CodedError(?:<\\w+>)?|\\w*Error|refused|toCoded|requireEqual|UploadError\\.of)\\(\\s*(?:error, )?'(${CODE})'`, 'g'),
  new RegExp(`\\bcode: '(${CODE})'`, 'g'),
  new RegExp(`\\bcode = [^;]*'(${CODE})'`, 'g'),
  // ENOSPC: ['X', 'sentence' …
  new RegExp(`\\['(${CODE})', ['\`]`, 'g'),
  // What a gateway refuses, by its words on the wire.
  /^ {2}([a-z]+(?:_[a-z]+)*): row\(/gm,
];
const UNION = /export type \w*(?:Code|Fault) =([^;]+);/g;

const sources = ['src-node', 'src-main', 'src-renderer'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !/\.test\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.includes('/testing/'))
    .map((path) => ({ path: relative(ROOT, path), text: readFileSync(path, 'utf8') })),
);

function codesIn(text: string): readonly string[] {
  const unions = [...text.matchAll(UNION)].flatMap(([, members = '']) => [...members.matchAll(new RegExp(`'(${CODE})'`, 'g'))]);
  return [...SHAPES.flatMap((shape) => [...text.matchAll(shape)]), ...unions].map(([, code = '']) => code);
}

const filesOf = new Map<string, string[]>();
for (const { path, text } of sources) for (const code of codesIn(text)) filesOf.set(code, [...(filesOf.get(code) ?? []), path]);

type Words = Readonly<Record<string, Readonly<Record<string, string>>>>;
const wordsOf = (language: string): Words => JSON.parse(readFileSync(join(ROOT, 'resources/locales', language, 'error.json'), 'utf8')) as Words;
const [english, chinese] = [wordsOf('en'), wordsOf('zh')];
const never = Object.values(NEVER_IN_A_WINDOW).flat();

describe('what the window says of failures', () => {
  it('finds the codes where they stand', () => {
    expect(filesOf.size).toBeGreaterThan(180);
    for (const code of ['THROTTLED', 'DISK_FULL', 'WRONG_STATE', 'UPLOAD_REFUSED', 'MIXED_MARKET', 'TRANSACTION_FAILED', 'OFFLINE', 'INTERNAL']) expect([...filesOf.keys()]).toContain(code);
    const variable = sources.filter(({ text }) => /new CodedError(?:<\w+>)?\(\s*[^'\s]/.test(text)).map(({ path }) => path);
    expect(variable.toSorted()).toEqual(BY_VARIABLE.toSorted());
  });

  it('has Chinese for every code that can reach a person, and for no other', () => {
    const wanted = [...filesOf.keys(), 'UNKNOWN'].filter((code) => !never.includes(code));
    expect(Object.keys(chinese).toSorted()).toEqual([...new Set(wanted)].toSorted());
    expect(never.filter((code) => !filesOf.has(code)), 'listed, but nowhere in the sources').toEqual([]);
  });

  it.each(Object.entries(chinese))('says of %s what happened and what to do, in three sentences at most', (_, words) => {
    const kinds = Object.keys(words).map((key) => key.replace(/^(message|help)/, ''));
    for (const kind of kinds) {
      const [message = '', help = ''] = [words[`message${kind}`], words[`help${kind}`]];
      expect(message).not.toBe('');
      expect(help).not.toBe('');
      const said = `${message}${help}`.replaceAll(/\{\{.*?\}\}|\d,\d/g, '');
      expect([...said.matchAll(/[。！？]/g)].length).toBeLessThanOrEqual(3);
      expect(said).not.toMatch(/[,;!?！「」]/);
      expect(said).not.toMatch(/你/);
    }
  });

  it('has every sentence that differs by its reason in both languages, where English has it', () => {
    for (const [code, words] of Object.entries(english)) expect(Object.keys(chinese[code] ?? {}), code).toEqual(expect.arrayContaining(Object.keys(words)));
  });

  it('takes its values and its reasons from facts that the code is thrown with', () => {
    const contracts = readFileSync(join(ROOT, 'src-node/contracts/bindings/errors.gen.ts'), 'utf8');
    const textOf = new Map(sources.map(({ path, text }) => [path, text]));
    for (const [code, words] of [...Object.entries(chinese), ...Object.entries(english)]) {
      const thrownWith = [...(filesOf.get(code) ?? []).map((path) => textOf.get(path) ?? ''), contracts].join('\n');
      for (const [key, text] of Object.entries(words)) {
        for (const [, name = ''] of text.matchAll(/\{\{(\w+)/g)) expect(thrownWith, `${code}.${key}`).toMatch(new RegExp(`\\b${name}\\b`));
        const reason = /_(.+)$/.exec(key)?.[1];
        if (reason !== undefined) expect(thrownWith.includes(`'${reason}'`) || filesOf.has(reason), `${code}.${key}`).toBe(true);
      }
    }
  });
});
