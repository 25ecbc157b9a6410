/** All kinds of recorded data: the first that recognises a file runs it. */
import { admission } from './kinds/admission.ts';
import { block } from './kinds/block.ts';
import { blockReward } from './kinds/block-reward.ts';
import { blocks } from './kinds/blocks.ts';
import { chainFile } from './kinds/chain-file.ts';
import { chainHeads } from './kinds/chain-heads.ts';
import { committee } from './kinds/committee.ts';
import { derivedRoots } from './kinds/derived-roots.ts';
import { elect } from './kinds/elect.ts';
import { elections } from './kinds/elections.ts';
import { genesis } from './kinds/genesis.ts';
import { headers } from './kinds/headers.ts';
import { importCases } from './kinds/import-cases.ts';
import { instructionSet } from './kinds/instruction-set.ts';
import { keystore } from './kinds/keystore.ts';
import { lowCandidates } from './kinds/low-candidates.ts';
import { mainnetElections } from './kinds/mainnet-elections.ts';
import { missedBlocks } from './kinds/missed-blocks.ts';
import { namedTransactions } from './kinds/named-transactions.ts';
import { opcodeRuns } from './kinds/opcode-runs.ts';
import { randomNumbers } from './kinds/random-numbers.ts';
import { randomPrograms } from './kinds/random-programs.ts';
import { rankAnomalies } from './kinds/rank-anomalies.ts';
import { receipts } from './kinds/receipts.ts';
import { reputation } from './kinds/reputation.ts';
import { rewardsAndGasLimit } from './kinds/rewards-and-gas-limit.ts';
import { rlpDecoding } from './kinds/rlp-decoding.ts';
import { rpcPairs } from './kinds/rpc-pairs.ts';
import { seals } from './kinds/seals.ts';
import { signerHandshake } from './kinds/signer-handshake.ts';
import { stateOfChain } from './kinds/state-of-chain.ts';
import { streams } from './kinds/streams.ts';
import { terms } from './kinds/terms.ts';
import { transactions } from './kinds/transactions.ts';
import type { RecordedFile } from './recorded-file.ts';
import { hasFields, type VectorKind } from './vector-kind.ts';

export const KINDS: readonly VectorKind[] = [
  genesis, transactions, namedTransactions, derivedRoots, receipts, headers, seals, signerHandshake, rlpDecoding, block, blocks, chainFile, chainHeads, stateOfChain, importCases,
  instructionSet, opcodeRuns, randomPrograms, admission, randomNumbers, elect, committee, elections, mainnetElections, lowCandidates, terms, reputation, rankAnomalies, missedBlocks, blockReward, rewardsAndGasLimit,
  keystore, rpcPairs, streams,
];

interface SkippedKind {
  readonly reason: string;
  readonly recognises: (file: RecordedFile) => boolean;
}

/** Known, and not run. */
export const SKIPPED: readonly SkippedKind[] = [
  { reason: 'rlpx: this program speaks to no peers yet', recognises: ({ json }) => hasFields(json, ['handshake', 'messages']) },
  { reason: 'discovery: this program looks for no peers yet', recognises: ({ json }) => hasFields(json, ['packets', 'liveExchange']) },
  { reason: 'operations on files: replayed by a test of its own', recognises: ({ json }) => hasFields(json, ['before', 'operations']) },
  { reason: 'key file: opened through the list that names its password', recognises: ({ json }) => hasFields(json, ['crypto', 'version', 'address']) },
];
