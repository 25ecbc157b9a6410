/** Libraries of others on our JSON-RPC server, on a running practice chain: `ethers` over HTTP and WebSocket, and the calls of the network's SDK. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Contract, dataLength, FetchRequest, getAddress, id, isError, JsonRpcProvider, Wallet, WebSocketProvider, zeroPadValue, type EventLog, type Provider, type Result } from 'ethers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromHex, toHex, type Bytes } from './base/bytes.ts';
import { systemClock } from './base/clock.ts';
import { systemFiles } from './base/files.ts';
import { silentLogger } from './base/logger.ts';
import { marketAddresses } from './contracts/deploy.ts';
import { addressOf, sign } from './crypto/secp256k1.ts';
import { keccak256 } from './crypto/keccak.ts';
import { networkNamed } from './networks/network.ts';
import { encodeTransaction, signTransaction } from './primitives/transaction.ts';
import { startPracticeChain } from './practice-chain.ts';
import { AccessToken } from './rpc/access/access-token.ts';
import { RpcServer } from './rpc/rpc-server.ts';
import { scaledClock } from './testing/scaled-clock.ts';

const CPC = 10n ** 18n;
const { chainId, contracts } = networkNamed('practice');
const key = keccak256(Uint8Array.of(1, 2, 3));
const account = addressOf(key);
const folder = mkdtempSync(join(tmpdir(), 'foreign-'));
let practice: Awaited<ReturnType<typeof startPracticeChain>>;
let rpc: RpcServer;
let http: JsonRpcProvider;
let socket: WebSocketProvider;
let listings: string;

const HASH = toHex(keccak256(Uint8Array.of(4)));
const LISTING_ABI = ['event ProfileSet(address indexed account, bytes32 profileHash, string profileUri)', 'function setProfile(bytes32 profileHash, string profileUri)'];
const RNODE_ABI = [
  'function rnodeThreshold() view returns (uint256)', 'function getRnodes() view returns (address[])', 'function isRnode(address) view returns (bool)', 'function quitRnode()',
  'function joinRnode(uint256 version) payable', 'function Participants(address) view returns (uint256 lockedDeposit, uint256 lockedTime)', 'error NotRnode()', 'error VersionTooOld(uint256 supported)',
];

/** A transaction of this chain: ten fields, which libraries for other chains cannot sign. */
function signed(fields: { to: string; value?: bigint; data?: string; nonce: number; gasPrice: bigint; gasLimit?: bigint; privateKey?: Bytes }): string {
  const unsigned = { type: 0n, nonce: BigInt(fields.nonce), gasPrice: fields.gasPrice, gasLimit: fields.gasLimit ?? 300_000n, to: fromHex(fields.to), value: fields.value ?? 0n, payload: fromHex(fields.data ?? '0x') };
  return toHex(encodeTransaction(signTransaction(unsigned, chainId, (digest) => sign(digest, fields.privateKey ?? key))));
}

/** Signs by the provider's own answers, hands over, and waits for a block. */
async function sent(provider: Provider & { send(method: string, params: unknown[]): Promise<unknown> }, fields: { to: string; value?: bigint; data?: string }): Promise<string> {
  const nonce = await provider.getTransactionCount(toHex(account), 'pending');
  const { gasPrice } = await provider.getFeeData();
  const hash = (await provider.send('eth_sendRawTransaction', [signed({ ...fields, nonce, gasPrice: gasPrice ?? 0n })])) as string;
  const receipt = await provider.waitForTransaction(hash, 1, 30_000);
  expect(receipt?.status).toBe(1);
  return hash;
}

beforeAll(async () => {
  const clock = scaledClock(20, systemClock.now());
  practice = await startPracticeChain({ dataDir: folder }, { clock, log: silentLogger });
  const { chain, pool, gasPrice } = practice;
  const node = { clientVersion: 'test', peerCount: () => 0, isListening: () => false, isSealing: () => true, syncProgress: () => null };
  const token = await AccessToken.open(join(folder, 'rpc-token'), systemFiles);
  rpc = await RpcServer.start({ port: 0, token }, { chain, pool, node, gasPrice, dataDir: folder, clock, logger: silentLogger });
  http = new JsonRpcProvider(rpc.url, undefined, { cacheTimeout: -1 });
  http.pollingInterval = 50;
  socket = new WebSocketProvider(rpc.url.replace('http:', 'ws:'), undefined, { cacheTimeout: -1 });
  const deployer = toHex(addressOf(practice.faucetKey));
  listings = marketAddresses({ deployer, nonce: 0n }).listings;
  const nonce = await http.getTransactionCount(deployer, 'pending');
  const hash = (await http.send('eth_sendRawTransaction', [signed({ to: toHex(account), value: 1000n * CPC, nonce, gasPrice: 10n ** 10n, privateKey: practice.faucetKey })])) as string;
  expect((await http.waitForTransaction(hash, 1, 30_000))?.status).toBe(1);
});
afterAll(async () => {
  http.destroy();
  await socket.destroy();
  await rpc.close();
  await practice.close();
  rmSync(folder, { recursive: true, force: true });
});

describe.each([['JsonRpcProvider', () => http], ['WebSocketProvider', () => socket]])('ethers.%s', (_, provider) => {
  it('knows the network and follows the head', async () => {
    expect((await provider().getNetwork()).chainId).toBe(4181n);
    const before = await provider().getBlockNumber();
    const next = await new Promise<number>((resolve) => void provider().once('block', resolve));
    expect(next).toBeGreaterThanOrEqual(before);
    await expect.poll(() => provider().getBlockNumber(), { timeout: 10_000 }).toBeGreaterThan(before);
  });

  it('reads blocks, with hashes and with transactions', async () => {
    const hash = await sent(provider(), { to: toHex(account), value: 1n });
    const receipt = await provider().getTransactionReceipt(hash);
    const block = await provider().getBlock(receipt?.blockNumber ?? 0, true);
    expect(block).toMatchObject({ number: receipt?.blockNumber, hash: receipt?.blockHash, transactions: [hash] });
    expect(block?.prefetchedTransactions[0]).toMatchObject({ hash, from: getAddress(toHex(account)), to: getAddress(toHex(account)), value: 1n, chainId: 4181n, type: 0 });
    const parent = await provider().getBlock(block?.parentHash ?? '');
    expect(parent?.number).toBe((receipt?.blockNumber ?? 0) - 1);
    expect(await provider().getBlock(10_000_000)).toBeNull();
  });

  it('reads accounts: balance, nonce, code, storage', async () => {
    const rnode = toHex(contracts['rnode'] ?? account);
    expect(await provider().getBalance(toHex(account))).toBeGreaterThan(990n * CPC);
    expect(await provider().getBalance(toHex(account), 0)).toBe(0n);
    expect(await provider().getTransactionCount(toHex(account))).toBe(await provider().getTransactionCount(toHex(account), 'pending'));
    expect(dataLength(await provider().getCode(rnode))).toBeGreaterThan(1000);
    expect(await provider().getCode(toHex(account))).toBe('0x');
    expect(BigInt(await provider().getStorage(rnode, 2))).toBe(200_000n * CPC); // rnodeThreshold
  });

  it('prices and estimates a transaction', async () => {
    const { gasPrice, maxFeePerGas } = await provider().getFeeData();
    expect(gasPrice).toBeGreaterThan(0n);
    expect(maxFeePerGas).toBeNull();
    expect(await provider().estimateGas({ from: toHex(account), to: toHex(account), value: 1n })).toBe(21_000n);
  });

  it('sends what our codec signed, and reads transaction, receipt and logs of it', async () => {
    const contract = new Contract(listings, LISTING_ABI, provider());
    const before = await provider().getBlockNumber();
    const data = contract.interface.encodeFunctionData('setProfile', [HASH, 'first']);
    const hash = await sent(provider(), { to: listings, data });
    const transaction = await provider().getTransaction(hash);
    expect(transaction).toMatchObject({ hash, from: getAddress(toHex(account)), to: getAddress(listings), data, chainId: 4181n });
    const receipt = await provider().getTransactionReceipt(hash);
    expect(receipt).toMatchObject({ hash, status: 1, contractAddress: null, blockNumber: transaction?.blockNumber });
    expect(await receipt?.confirmations()).toBeGreaterThan(0);
    expect(receipt?.logs).toHaveLength(1);

    const topics = [id('ProfileSet(address,bytes32,string)'), zeroPadValue(toHex(account), 32)];
    const range = { address: listings, fromBlock: before + 1, toBlock: 'latest' };
    const found = await provider().getLogs({ ...range, topics });
    expect(found.map(({ transactionHash, blockHash, index }) => ({ transactionHash, blockHash, index }))).toEqual([{ transactionHash: hash, blockHash: receipt?.blockHash, index: 0 }]);
    expect(await provider().getLogs({ ...range, topics: [null, zeroPadValue(listings, 32)] })).toEqual([]);
    expect(await provider().getLogs({ ...range, topics: [[id('Other()'), topics[0] ?? '']] })).toHaveLength(1);
    const [event] = await contract.queryFilter('ProfileSet', before + 1);
    expect((event as EventLog).args.toArray()).toEqual([getAddress(toHex(account)), HASH, 'first']);
  });

  it('reads a contract', async () => {
    const rnode = new Contract(toHex(contracts['rnode'] ?? account), RNODE_ABI, provider());
    expect(await rnode.getFunction('rnodeThreshold')()).toBe(200_000n * CPC);
    expect(await rnode.getFunction('isRnode')(toHex(account))).toBe(false);
    expect(await rnode.getFunction('getRnodes')()).toEqual([]);
    expect(((await rnode.getFunction('Participants')(toHex(account))) as Result).toArray()).toEqual([0n, 0n]);
  });

  it('hears the events of a contract', async () => {
    const contract = new Contract(listings, LISTING_ABI, provider());
    const heard = new Promise<unknown[]>((resolve) => void contract.on('ProfileSet', (...args: unknown[]) => resolve(args.slice(0, 3))));
    await contract.listenerCount(); // the listener is started
    await sent(provider(), { to: listings, data: contract.interface.encodeFunctionData('setProfile', [HASH, 'second']) });
    expect(await heard).toEqual([getAddress(toHex(account)), HASH, 'second']);
    await contract.removeAllListeners();
  });

  // The chain answers a reverted call with what it reverted with, as a result (docs/protocol/05 §3.4): the library hands it on as data.
  it.each([['quitRnode', [], 'NotRnode', []], ['joinRnode', [0n], 'VersionTooOld', [1n]]])('hands on why %s is refused', async (method, args, name, values) => {
    const rnode = new Contract(toHex(contracts['rnode'] ?? account), RNODE_ABI, provider());
    const error: unknown = await rnode.getFunction(method).staticCall(...args, { from: toHex(account) }).catch((reason: unknown) => reason);
    if (!isError(error, 'BAD_DATA')) expect.fail(String(error));
    const reason = rnode.interface.parseError(String(error.value));
    expect([reason?.name, reason?.args.toArray()]).toEqual([name, values]);
    await expect(rnode.getFunction(method).estimateGas(...args, { from: toHex(account) })).rejects.toMatchObject({ code: 'CALL_EXCEPTION' });
  });

  it('is told of a transaction that the pool refuses', async () => {
    await expect(provider().send('eth_sendRawTransaction', [signed({ to: listings, nonce: 0, gasPrice: 10n ** 10n })])).rejects.toThrow('nonce too low');
    const foreign = await new Wallet(toHex(key)).signTransaction({ to: listings, nonce: 50, gasPrice: 1n, gasLimit: 21_000n, chainId: 4181n });
    await expect(provider().send('eth_sendRawTransaction', [foreign])).rejects.toThrow();
  });
});

/** With the parameters as the SDK gives them, and the fields that it reads (docs/protocol/05 §8). */
describe("the calls of the network's TypeScript SDK", () => {
  const QUANTITY = /^0x(?:0|[1-9a-f][0-9a-f]*)$/;
  const HASH_FORM = /^0x[0-9a-f]{64}$/;
  const ADDRESS_FORM = /^0x[0-9a-f]{40}$/;
  const matching = (form: RegExp): unknown => expect.stringMatching(form);
  let id = 0;
  const ask = async (method: string, params: readonly unknown[] = []): Promise<unknown> => {
    const response = await fetch(rpc.url, { method: 'POST', headers: { 'Content-Type': 'application/json;charset=utf-8' }, body: JSON.stringify({ method, params, id: ++id, jsonrpc: '2.0' }) });
    const answer = (await response.json()) as { readonly id: number; readonly result?: unknown };
    expect(answer).toMatchObject({ id, jsonrpc: '2.0', result: expect.anything() as unknown });
    return answer.result;
  };
  const receiptOf = (hash: unknown): Promise<Record<string, unknown> | null> => http.send('eth_getTransactionReceipt', [hash]) as Promise<Record<string, unknown> | null>;

  it('tell the network', async () => {
    expect(await ask('eth_chainId')).toBe('0x1055');
    expect(await ask('net_version')).toBe('4181'); // decimal, the id of the network
    expect(await ask('eth_blockNumber')).toEqual(matching(QUANTITY));
  });

  it('send a transfer and follow it into its block', async () => {
    const from = toHex(account);
    const nonce = await ask('eth_getTransactionCount', [from, 'pending']);
    const gasPrice = await ask('eth_gasPrice', []);
    expect([nonce, gasPrice]).toEqual([matching(QUANTITY), matching(QUANTITY)]);
    const hash = await ask('eth_sendRawTransaction', [signed({ to: from, value: 7n, nonce: Number(nonce), gasPrice: BigInt(String(gasPrice)) })]); // 300,000 gas, as the SDK sets by itself
    expect(hash).toEqual(matching(HASH_FORM));
    await expect.poll(() => receiptOf(hash), { timeout: 30_000 }).not.toBeNull();
    const receipt = await receiptOf(hash);
    expect(receipt).toMatchObject({ transactionHash: hash, from, to: from, contractAddress: null, status: '0x1', gasUsed: '0x5208', logs: [], blockHash: matching(HASH_FORM), blockNumber: matching(QUANTITY), transactionIndex: matching(QUANTITY), cumulativeGasUsed: matching(QUANTITY), logsBloom: matching(/^0x[0-9a-f]{512}$/) });
    const sentBy = { hash, from, to: from, type: '0x0', nonce, gasPrice, gas: '0x493e0', value: '0x7', input: '0x', blockHash: receipt?.['blockHash'], blockNumber: receipt?.['blockNumber'], v: matching(QUANTITY), r: matching(QUANTITY), s: matching(QUANTITY) };
    expect(await ask('eth_getTransactionByHash', [hash])).toMatchObject(sentBy);
    const block = { number: receipt?.['blockNumber'], hash: receipt?.['blockHash'], parentHash: matching(HASH_FORM), timestamp: matching(QUANTITY), difficulty: '0x0', gasLimit: matching(QUANTITY), gasUsed: '0x5208', miner: matching(ADDRESS_FORM), extraData: matching(/^0x/) };
    expect(await ask('eth_getBlockByNumber', [receipt?.['blockNumber'], false])).toMatchObject({ ...block, transactions: [hash] });
    expect(await ask('eth_getBlockByNumber', [receipt?.['blockNumber'], true])).toMatchObject({ ...block, transactions: [sentBy] });
    expect(await ask('eth_getBalance', [from, 'latest'])).toEqual(matching(QUANTITY));
  });

  it('read and price a contract', async () => {
    const rnode = new Contract(toHex(contracts['rnode'] ?? account), RNODE_ABI, http).interface;
    const to = toHex(contracts['rnode'] ?? account);
    expect(rnode.decodeFunctionResult('rnodeThreshold', String(await ask('eth_call', [{ to, data: rnode.encodeFunctionData('rnodeThreshold') }, 'latest'])))[0]).toBe(200_000n * CPC);
    expect(await ask('eth_estimateGas', [{ from: toHex(account), to: toHex(account), value: '0x1', gasPrice: '0x4a817c800' }])).toBe('0x5208');
  });

  it('see the next block, which nobody has sealed', async () => {
    expect(await ask('eth_getBlockByNumber', ['pending', false])).toMatchObject({ hash: null, miner: null, nonce: null, number: matching(QUANTITY), parentHash: matching(HASH_FORM) });
    expect(await http.getBlock('pending')).toMatchObject({ hash: null, number: expect.any(Number) as unknown });
  });
});

describe('a library with the token of the node', () => {
  it('may call what is not open to all', async () => {
    const secret = readFileSync(join(folder, 'rpc-token'), 'utf8').trim();
    const request = new FetchRequest(rpc.url);
    request.setHeader('Authorization', `Bearer ${secret}`);
    const authorised = new JsonRpcProvider(request, undefined, { cacheTimeout: -1 });
    expect(await authorised.send('admin_datadir', [])).toBe(folder);
    authorised.destroy();
    await expect(http.send('admin_datadir', [])).rejects.toMatchObject({ error: { code: -32001 } });
  });
});
