/**
 * The contracts of streams on the practice network: put there by the faucet's account right behind those of the market. On a chain
 * that began before there were streams, the faucet has given money under those numbers already, and they come behind that.
 */
import { fromHex, toHex, type Bytes } from './base/bytes.ts';
import type { ChainReader } from './chain/reader.ts';
import { streamAddresses, type StreamAddresses } from './contracts/deploy.ts';
import { addressOf } from './crypto/secp256k1.ts';

/** Number of the first transaction of the faucet behind the market's three. */
export const FIRST_NONCE = 3n;
const CONTRACTS = 3n;

/** Where they stand, or null before their blocks: in the first three places in a row that hold contracts. */
export async function practiceStreams(reader: ChainReader, faucetKey: Bytes): Promise<StreamAddresses | null> {
  const deployer = toHex(addressOf(faucetKey));
  const done = await reader.nonceOf(fromHex(deployer));
  for (let nonce = FIRST_NONCE; nonce + CONTRACTS <= done; nonce += 1n) {
    const addresses = streamAddresses({ deployer, nonce });
    if (await standAll(reader, addresses)) return addresses;
  }
  return null;
}

/** Number of the faucet's transaction that makes the first of them, or null where they all stand. */
export async function practiceStreamsNonce(reader: ChainReader, faucetKey: Bytes): Promise<bigint | null> {
  const deployer = toHex(addressOf(faucetKey));
  const [done, next] = await Promise.all([reader.nonceOf(fromHex(deployer)), reader.nextNonceOf(fromHex(deployer))]);
  if ((await practiceStreams(reader, faucetKey)) !== null) return null;
  const { gateway, stream } = streamAddresses({ deployer, nonce: FIRST_NONCE });
  const begun = [gateway, stream].slice(0, Math.max(0, Number(done - FIRST_NONCE)));
  const isOurs = next <= FIRST_NONCE + CONTRACTS && (await standAll(reader, begun));
  return isOurs ? FIRST_NONCE : next;
}

async function standAll(reader: ChainReader, addresses: StreamAddresses | readonly `0x${string}`[]): Promise<boolean> {
  for (const address of Object.values(addresses)) if ((await reader.codeOf(fromHex(address))).length === 0) return false;
  return true;
}
