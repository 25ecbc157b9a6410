import { toHex, type Hex } from '../../base/bytes.ts';
import type { NetworkConfig, NetworkName } from '../../networks/network-config.ts';

const NANOS_PER_MILLI = 1_000_000;

/** An address that the chain's configuration carries and nothing uses (docs/protocol/02 §1.1, 09 §7). */
const PROXY_REGISTER: Partial<Record<NetworkName, Hex>> = { testnet: '0xa6a8ac0cad2150e076de638aa492042eeb823c6b' };
const DEFAULT_PROXY_REGISTER: Hex = '0xd4826927aa2dba7930117782ed183576ccebed93';

/** docs/protocol/02 §3. */
export function chainConfigView({ name, chainId, dpor, contracts }: NetworkConfig): object {
  const named = Object.entries(contracts).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    chainId: Number(chainId),
    dpor: {
      period: dpor.periodMillis,
      termLen: dpor.termLen,
      viewLen: dpor.viewLen,
      faultyNumber: dpor.faulty,
      maxInitBlockNumber: Number(dpor.maxInitBlockNumber),
      contracts: Object.fromEntries(named.map(([contract, address]) => [contract, toHex(address)])),
      proxyContractRegister: PROXY_REGISTER[name] ?? DEFAULT_PROXY_REGISTER,
      impeachTimeout: dpor.impeachTimeoutMillis * NANOS_PER_MILLI,
    },
  };
}
