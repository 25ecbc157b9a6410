/** What keeps the gateway of this program from running, and what its operator does about it. */
import { CodedError, toCoded } from '../../base/errors.ts';
import type { EngineReport } from '../log/engine.ts';

export function notRegistered(): CodedError {
  return new CodedError('GATEWAY_NOT_REGISTERED', 'This wallet has no gateway on the chain.', { help: 'Register one; it then starts by itself.' });
}

/** While the index is made anew, or no wallet is there. */
export function notKnown(): CodedError {
  return new CodedError('GATEWAY_NOT_KNOWN_YET', 'It is not known now which gateway on the chain is that of this wallet, and its streams have to go along.', { help: 'Wait until the program has read the chain, then choose the engine again.' });
}

export function notHeld(): CodedError {
  return new CodedError('STREAM_NOT_HELD', 'The gateway signs no receipts yet, so that publishers wait; readers are served.', { help: 'Unlock the wallet once.' });
}

export function portInUse(port: number, cause: unknown): CodedError {
  return new CodedError('PORT_IN_USE', `The gateway cannot listen at port ${port} of this computer, which its address on the chain names.`, { help: 'Close the program that uses it, or change the address on the chain.', meta: { port }, cause });
}

export function unreachable({ checks }: EngineReport): CodedError {
  const failed = checks.find(({ ok }) => !ok);
  return new CodedError('ENGINE_UNREACHABLE', `The log engine cannot be used: ${failed?.name ?? ''}: ${failed?.detail ?? ''}`, { help: 'Look at the brokers and the rights of this program there, or at its folder.', meta: { check: failed?.name ?? null } });
}

export function silentLog(): CodedError {
  return new CodedError('ENGINE_UNREACHABLE', 'The log engine does not answer now.', { help: 'Look at the brokers, or at the disk.' });
}

export function oneWay(): CodedError {
  return new CodedError('ENGINE_ONE_WAY', 'Streams move from this program to a Kafka cluster, or from one cluster to another, but not back.', { help: 'Keep the cluster, or let these streams end there.' });
}

export function moveProblem(error: unknown): CodedError {
  const { code, message, help, meta } = toCoded(error);
  if (code === 'LOG_FULL') return new CodedError('DISK_FULL', message, { ...(help === undefined ? {} : { help }), meta, cause: error });
  if (code !== 'LOG_UNREACHABLE' && code !== 'LOG_RIGHTS') return toCoded(error);
  return new CodedError('ENGINE_UNREACHABLE', `The streams could not be moved; they stay where they were. ${message}`, { help: help ?? 'Try again: it goes on where it stopped.', meta, cause: error });
}

export function differs(endpoint: string, listens: string): CodedError {
  return new CodedError('ENDPOINT_DIFFERS', 'The chain names another address than where this gateway listens; readers look for it there.', { help: 'Switch it off and on again, or change the address on the chain.', meta: { endpoint: endpoint.slice(0, 200), listens } });
}
