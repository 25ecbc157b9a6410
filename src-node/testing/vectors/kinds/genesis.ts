import { toHex } from '../../../base/bytes.ts';
import { network } from '../../../networks/network.ts';
import type { NetworkConfig, NetworkName } from '../../../networks/network-config.ts';
import { encodeBlock } from '../../../primitives/block.ts';
import { encodeHeader } from '../../../primitives/header.ts';
import { testChain } from '../../chains.ts';
import { stateDumpCases, type StateDump } from '../state-dump.ts';
import { hasFields, same, type VectorCase, type VectorKind } from '../vector-kind.ts';

interface ChainConfig {
  readonly chainId: number;
  readonly dpor: {
    readonly period: number;
    readonly termLen: number;
    readonly viewLen: number;
    readonly faultyNumber: number;
    readonly maxInitBlockNumber: number;
    readonly impeachTimeout: number;
    readonly contracts: Readonly<Record<string, string>>;
  };
}

interface Recorded {
  readonly alloc: Readonly<Record<string, { readonly balance: string; readonly nonce: number; readonly code?: string }>>;
  readonly blockRlp: string;
  readonly headerRlp: string;
  readonly hash: string;
  readonly header: { readonly stateRoot: string };
  readonly candidates: readonly string[];
  /** One of the two. */
  readonly chainConfig?: ChainConfig;
  readonly chainConfigStoredJson?: string;
  readonly runMode?: NetworkName;
  readonly networkId?: number;
  readonly proposers?: readonly string[];
  readonly validators?: readonly string[];
  readonly stateDump?: StateDump;
}

const FIELDS = ['alloc', 'blockRlp', 'candidates', 'hash'] as const;

/** The first block of one network, or of several by their names. */
export const genesis: VectorKind = {
  name: 'genesis',
  recognises: ({ json }) => hasFields(json, [...FIELDS, 'runMode']) || (typeof json === 'object' && json !== null && Object.keys(json).length > 0 && Object.values(json).every((one) => hasFields(one, FIELDS))),
  async *cases({ json }) {
    const byName = hasFields(json, ['runMode']) ? { [(json as Recorded).runMode ?? '']: json as Recorded } : (json as Readonly<Record<string, Recorded>>);
    for (const [name, recorded] of Object.entries(byName)) yield* casesOf(name as NetworkName, recorded);
  },
};

async function* casesOf(name: NetworkName, recorded: Recorded): AsyncGenerator<VectorCase> {
  const config = network(name);
  const chain = await testChain(config);
  const chainConfig = recorded.chainConfig ?? (JSON.parse(recorded.chainConfigStoredJson ?? '') as ChainConfig);
  yield same(`${name}: hash`, () => toHex(chain.genesisHash), recorded.hash);
  yield same(`${name}: block`, () => toHex(encodeBlock(chain.blockByHash(chain.genesisHash) ?? { header: chain.head.header, transactions: [] })), recorded.blockRlp);
  yield same(`${name}: header`, () => toHex(encodeHeader(chain.head.header)), recorded.headerRlp);
  yield same(`${name}: root of the state`, () => toHex(chain.head.header.stateRoot), recorded.header.stateRoot);
  yield same(`${name}: accounts`, () => allocOf(config), recordedAlloc(recorded));
  yield same(`${name}: chain`, () => configOf(config), { chainId: chainConfig.chainId, ...fieldsOf(chainConfig.dpor) });
  yield same(`${name}: candidates`, () => config.candidates.map(toHex), recorded.candidates);
  if (recorded.proposers !== undefined) yield same(`${name}: proposers`, () => config.proposers.map(toHex), recorded.proposers);
  if (recorded.validators !== undefined) yield same(`${name}: validators`, () => config.validators.map(toHex), recorded.validators);
  if (recorded.networkId !== undefined) yield same(`${name}: id of the network`, () => config.networkId, recorded.networkId);
  if (recorded.stateDump !== undefined) yield* stateDumpCases(recorded.stateDump);
}

function allocOf({ genesis: { alloc } }: NetworkConfig): unknown {
  return sorted(alloc.map(({ address, balance, nonce, code }) => [toHex(address), String(balance), Number(nonce), toHex(code)]));
}

function recordedAlloc({ alloc }: Recorded): unknown {
  return sorted(Object.entries(alloc).map(([address, { balance, nonce, code = '0x' }]) => [address, balance, nonce, code]));
}

function sorted(rows: readonly (readonly (string | number)[])[]): unknown {
  return rows.toSorted(([a], [b]) => String(a).localeCompare(String(b)));
}

function configOf({ chainId, dpor, contracts }: NetworkConfig): unknown {
  const { periodMillis: period, faulty: faultyNumber, impeachTimeoutMillis, maxInitBlockNumber, ...shape } = dpor;
  return fieldsOf({
    ...shape,
    chainId: Number(chainId),
    period,
    faultyNumber,
    maxInitBlockNumber: Number(maxInitBlockNumber),
    impeachTimeout: impeachTimeoutMillis * 1e6,
    contracts: Object.fromEntries(Object.entries(contracts).map(([contract, address]) => [contract, toHex(address)])),
  });
}

/** What both sides know, without what only the recording has. */
function fieldsOf(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([field]) => field !== 'proxyContractRegister'));
}
