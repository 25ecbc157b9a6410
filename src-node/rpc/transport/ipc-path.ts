import { join, resolve } from 'node:path';
import { hexOf, utf8 } from '../../base/bytes.ts';
import { sha256 } from '../../crypto/hash.ts';

/** Where JSON-RPC is reached without a port: a socket in the data folder; on Windows a pipe that is named after it. */
export function ipcPath(dataDir: string, platform = process.platform): string {
  if (platform !== 'win32') return join(dataDir, 'cpchain.ipc');
  const name = hexOf(sha256(utf8(resolve(dataDir).toLowerCase()))).slice(0, 16);
  return `\\\\.\\pipe\\cpchain-${name}`;
}
