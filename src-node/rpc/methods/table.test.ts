import { describe, expect, it } from 'vitest';
import { network } from '../../networks/network.ts';
import { testChain } from '../../testing/chains.ts';
import { testBackend } from '../../testing/rpc-backend.ts';
import { BlockFeed } from '../filters/block-feed.ts';
import { FilterRegistry } from '../filters/filter-registry.ts';
import { reasonDeclined } from './declined.ts';
import { allMethods } from './table.ts';

/** All methods that other nodes have (docs/protocol/05 §3-§5), by namespace. */
const KNOWN: Readonly<Record<string, string>> = {
  eth: `protocolVersion chainId gasPrice syncing blockNumber coinbase cpcbase mining accounts getChainConfig supportPrivateTx getCurrentTerm getCurrentView getCurrentProposerIndex
    getCommitteeNumber getBlockGenerationInfo getRNodes getBlockReward getProposerByBlock getProposersByBlockNumber getValidatorsByBlockNumber getBlockByNumber getBlockByHash
    getBlockTransactionCountByNumber getBlockTransactionCountByHash getUncleCountByBlockNumber getUncleCountByBlockHash getUncleByBlockNumberAndIndex getUncleByBlockHashAndIndex
    getTransactionByHash getTransactionByBlockHashAndIndex getTransactionByBlockNumberAndIndex getRawTransactionByHash getRawTransactionByBlockHashAndIndex
    getRawTransactionByBlockNumberAndIndex getAllTransactionsByBlockNumberAndIndex getTransactionReceipt getTransactionCount pendingTransactions sendRawTransaction sendTransaction
    signTransaction resend sign getBalance getCode getStorageAt call estimateGas newFilter newBlockFilter newPendingTransactionFilter getFilterChanges getFilterLogs uninstallFilter
    getLogs subscribe unsubscribe subscribeSyncStatus`,
  net: 'version peerCount listening',
  web3: 'clientVersion sha3',
  rpc: 'modules',
  txpool: 'status content inspect',
  personal: 'listAccounts listWallets newAccount importRawKey unlockAccount lockAccount sendTransaction signTransaction sign ecRecover signAndSendTransaction openWallet deriveAccount',
  miner: 'start stop setExtra setGasPrice setCoinbase',
  dpor: 'getSnapshot getSnapshotAtHash getProposers getValidators getRNodes',
  admission: 'campaign abort isRNode fundForRNode getStatus getResult checkNetworkStatus ignoreNetworkCheck apis registerInProcHandler setAdmissionKey setContractBackend admissionKey',
  admin: 'peers nodeInfo datadir addPeer removePeer subscribe exportChain importChain startRPC stopRPC startWS stopWS',
  debug: `getBlockRlp printBlock dumpBlock metrics dporPeers setHead chaindbProperty chaindbCompact preimage getBadBlocks storageRangeAt getModifiedAccountsByNumber
    getModifiedAccountsByHash traceTransaction traceBlock traceBlockByNumber traceBlockByHash traceBlockFromFile subscribe unsubscribe memStats gcStats stacks setGCPercent freeOSMemory
    cpuProfile startCPUProfile stopCPUProfile goTrace startGoTrace stopGoTrace blockProfile setBlockProfileRate writeBlockProfile mutexProfile setMutexProfileFraction
    writeMutexProfile writeMemProfile`,
};
const known = Object.entries(KNOWN).flatMap(([namespace, names]) => names.split(/\s+/).map((name) => `${namespace}_${name}`));

describe('the methods of the server', async () => {
  const backend = { ...testBackend(await testChain(network('dev'))), dataDir: '/data' };
  const feed = new BlockFeed(backend);
  const methods = allMethods(backend, feed, new FilterRegistry({ backend, feed }));
  const offered = methods.map(({ name }) => name);

  it('are those of other nodes, and each of theirs is offered or says why it is not', () => {
    expect(offered.filter((name) => !known.includes(name))).toEqual([]);
    expect(known.filter((name) => !offered.includes(name) && reasonDeclined(name) === undefined)).toEqual([]);
    expect(new Set(offered).size).toBe(offered.length);
  });

  it('are not at the same time said not to be offered', () => {
    expect(offered.filter((name) => reasonDeclined(name) !== undefined)).toEqual([]);
  });

  it('that write files or change what the node does are private', () => {
    const access = new Map(methods.map((method) => [method.name, method.access]));
    for (const name of offered.filter((one) => /_(?:export|import|abort|stop|start|set|add|remove|datadir)/.test(one))) expect([name, access.get(name)]).toEqual([name, 'private']);
    expect(access.get('eth_sendRawTransaction')).toBe('public');
  });
});
