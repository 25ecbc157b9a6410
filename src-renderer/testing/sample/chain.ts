import type { AppStatus, BlockView, Diagnostics, NodeView, RNodeView } from '../../../src-node/api/contract/index.ts';
import { addressOf, CPC, DAY, hashOf, HOUR, MINUTE, RIVERWATCH, STAKING } from './addresses.ts';
import type { SampleOptions } from './options.ts';
import { HEAD } from './wallet.ts';

const SEATS = ['seat a', 'seat b', 'seat c', 'seat d'].map(addressOf);

export function sampleStatus(options: SampleOptions): AppStatus {
  return {
    version: '0.1.0', phase: options.phase, network: options.phase === 'first-hour' && !options.chosen ? null : options.network, wallet: options.wallet, question: options.question, carrier: 'headless', timeZone: 'Asia/Shanghai',
    settings: { language: options.language, theme: options.theme, density: options.density, moveLess: false, autoLockMinutes: 15, confirmAutomatically: false, deliveryMaxGwei: 200 },
  };
}

export function sampleNode({ now, network }: SampleOptions): NodeView {
  const practice = network === 'practice';
  const [termLen, viewLen] = practice ? [4, 3] : [12, 3];
  const proposers = practice ? SEATS : Array.from({ length: 12 }, (_, seat) => (seat === 9 ? STAKING : addressOf(`seat ${seat}`)));
  return {
    network, chainId: practice ? 4181 : 337, genesisHash: hashOf('genesis'), mode: practice ? 'sealing' : 'remote', reason: null, head: { number: HEAD, hash: hashOf(`block ${HEAD}`), at: now - 3000 },
    periodMillis: practice ? 1000 : 10_000, termLen, viewLen, blockOfTerm: practice ? 6 : 19, term: Math.floor(HEAD / (termLen * viewLen)), proposers, validators: SEATS,
    pendingTransactions: 2, rpcUrl: practice ? 'http://127.0.0.1:8501' : null, rpcTokenPath: practice ? '/home/li/.local/share/cpchain/rpc-token' : null, remoteUrl: practice ? null : 'https://node.example/rpc',
  };
}

export function sampleBlocks({ now }: SampleOptions, limit: number): readonly BlockView[] {
  return Array.from({ length: Math.min(limit, 40) }, (_, back) => ({
    number: HEAD - back, hash: hashOf(`block ${HEAD - back}`), at: now - 3000 - back * 1000, proposer: back === 5 ? null : (SEATS[(HEAD - back) % 4] ?? null), transactions: (back * 7) % 5, gasUsed: ((back * 7) % 5) * 84_213, gasLimit: 100_000_000, impeach: back === 5, signatures: back === 5 ? 2 : 3 + (back % 2),
  }));
}

export function sampleDiagnostics({ now }: SampleOptions): Diagnostics {
  return {
    version: '0.1.0', runtime: 'Node.js 24.21.0', platform: 'linux x64', dataDirectory: '/home/li/.local/share/cpchain', startedAt: now - 5 * HOUR - 12 * MINUTE, diskFreeBytes: 361_000_000_000, chainBytes: 48_200_000,
    processes: [{ name: 'shell', pid: 4120, rssBytes: 78_400_000 }, { name: 'node', pid: 4120, rssBytes: 212_000_000 }, { name: 'keys', pid: 4131, rssBytes: 61_200_000 }],
    log: [
      { at: now - 5 * HOUR, level: 'info', module: 'node', message: 'started' },
      { at: now - 3 * HOUR, level: 'warn', module: 'chain', message: 'block late by 1.2 s' },
      { at: now - 12 * MINUTE, level: 'info', module: 'market', message: 'indexed 3 listings' },
    ],
  };
}

export function sampleRNode({ now, empty, rnode }: SampleOptions): RNodeView {
  const member = (address: string, name: string | null, mine: boolean, lockedAgo: number): RNodeView['members'][number] => ({ address, name, deposit: 200_000n * CPC, lockedAt: now - lockedAgo, lockEndsAt: now - lockedAgo + 100 * MINUTE, mine });
  return { state: 'ready', contract: addressOf('rnode contract'), threshold: 200_000n * CPC, lockMillis: 100 * MINUTE, enabled: true, members: [...(empty || rnode === 'outside' ? [] : [member(STAKING, 'RNode 1', true, 40 * MINUTE)]), ...SEATS.map((seat) => member(seat, null, false, 20 * DAY)), member(RIVERWATCH, null, false, 6 * DAY)] };
}
