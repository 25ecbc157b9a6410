/** The secret that authorises programs of this user over HTTP and WebSocket (docs/protocol/05 §10): 32 random bytes as hex, in a file of the data folder. */
import { timingSafeEqual } from 'node:crypto';
import { chmod } from 'node:fs/promises';
import { hexOf, utf8, type Bytes } from '../../base/bytes.ts';
import { isCoded } from '../../base/errors.ts';
import { fileError, type FilePort } from '../../base/files.ts';
import { randomBytes, sha256 } from '../../crypto/hash.ts';

const TOKEN = /^[0-9a-f]{64}$/;
const TOKEN_BYTES = 32;
const MAX_FILE_BYTES = 1024;
/** Read and written by this user alone. */
const MODE = 0o600;

export class AccessToken {
  /** Of the file that holds it. */
  readonly path: string;
  readonly #digest: Bytes;

  private constructor(path: string, secret: string) {
    this.path = path;
    this.#digest = sha256(utf8(secret));
  }

  /** The token of the file; a file that is missing or damaged is written anew. @throws CodedError<FileErrorCode> */
  static async open(path: string, files: FilePort): Promise<AccessToken> {
    const stored = await read(path, files);
    const secret = stored ?? hexOf(randomBytes(TOKEN_BYTES));
    if (stored === undefined) await files.writeAtomic(path, `${secret}\n`, { mode: MODE });
    else await keepPrivate(path);
    return new AccessToken(path, secret);
  }

  /** In a time that does not depend on how much of it is right. */
  accepts(shown: string): boolean {
    return timingSafeEqual(sha256(utf8(shown)), this.#digest);
  }
}

/** @throws NO_PERMISSION for a file of another user, and on a disk that keeps no rights: others may read it there */
async function keepPrivate(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  try {
    await chmod(path, MODE);
  } catch (error) {
    throw fileError(error, path);
  }
}

async function read(path: string, files: FilePort): Promise<string | undefined> {
  try {
    const text = Buffer.from(await files.read(path, MAX_FILE_BYTES)).toString('latin1').trim();
    return TOKEN.test(text) ? text : undefined;
  } catch (error) {
    if (isCoded(error, 'FILE_MISSING') || isCoded(error, 'FILE_TOO_LARGE')) return undefined;
    throw error;
  }
}
