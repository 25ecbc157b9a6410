/** The networks by name. */
import { fromHex, fromHexSized, toBigInt, type Hex } from '../base/bytes.ts';
import { millis } from '../base/clock.ts';
import { CodedError } from '../base/errors.ts';
import { DEV } from './data/dev.ts';
import { MAINNET } from './data/mainnet.ts';
import { MINI } from './data/mini.ts';
import type { ContractAccountData, NetworkData } from './data/network-data.ts';
import { TESTMAINNET } from './data/testmainnet.ts';
import { TESTNET } from './data/testnet.ts';
import type { GenesisAccount, NetworkConfig, NetworkName } from './network-config.ts';
import { practiceData } from './practice.ts';

const EXTRA_LENGTH = 32;
const GENESIS_GAS_LIMIT = 100_000_000n;

const DATA: Readonly<Record<NetworkName, () => NetworkData>> = {
  mainnet: () => MAINNET,
  testmainnet: () => TESTMAINNET,
  testnet: () => TESTNET,
  dev: () => DEV,
  testcase: () => ({ ...DEV, name: 'testcase' }),
  mini: () => MINI,
  practice: practiceData,
};

export const NETWORK_NAMES = Object.keys(DATA) as readonly NetworkName[];

/** @throws UNKNOWN_NETWORK */
export function networkNamed(name: string): NetworkConfig {
  const known = NETWORK_NAMES.find((one) => one === name);
  if (known === undefined) {
    throw new CodedError('UNKNOWN_NETWORK', `There is no network named "${name}".`, { help: `Choose one of: ${NETWORK_NAMES.join(', ')}.`, meta: { name } });
  }
  return network(known);
}

export function network(name: NetworkName): NetworkConfig {
  const data = DATA[name]();
  return {
    name: data.name,
    chainId: data.chainId,
    networkId: data.networkId,
    dpor: { ...data.dpor, periodMillis: millis(data.dpor.periodMillis), impeachTimeoutMillis: millis(data.dpor.impeachTimeoutMillis) },
    contracts: Object.fromEntries(Object.entries(data.contracts).map(([contract, address]) => [contract, addressIn(address)])),
    candidates: data.candidates.map(addressIn),
    proposers: data.proposers.map(addressIn),
    validators: data.validators.map(addressIn),
    genesis: {
      timeMillis: data.genesis.timeMillis,
      extra: new Uint8Array(EXTRA_LENGTH),
      gasLimit: GENESIS_GAS_LIMIT,
      alloc: [...data.genesis.alloc.map(([address, balance]) => plainAccount(address, balance)), ...(data.genesis.contracts ?? []).map(contractAccount)],
    },
  };
}

function addressIn(hex: Hex): Uint8Array {
  return fromHexSized(hex, 20);
}

function plainAccount(address: Hex, balance: bigint): GenesisAccount {
  return { address: addressIn(address), balance, nonce: 0n, code: new Uint8Array(0), storage: new Map() };
}

function contractAccount(data: ContractAccountData): GenesisAccount {
  const storage = Object.entries(data.storage).map(([slot, value]) => [toBigInt(fromHexSized(slot, 32)), toBigInt(fromHexSized(value, 32))] as const);
  return { address: addressIn(data.address), balance: 0n, nonce: 0n, code: fromHex(data.code), storage: new Map(storage) };
}
