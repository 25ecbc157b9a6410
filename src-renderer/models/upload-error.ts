/** Why a file did not reach the node, by name. Shown like the node's coded errors. */
import type { ErrorFacts } from '../format/error.ts';

export type UploadFault = 'FILE_CHANGED' | 'FILE_UNREADABLE' | 'CONNECTION_LOST' | 'SESSION_ENDED';

const SENTENCES: Readonly<Record<UploadFault, readonly [message: string, help: string]>> = {
  FILE_CHANGED: ['The file was changed, moved or closed while it was being sent.', 'Nothing was published. Choose it again; it is then sent anew.'],
  FILE_UNREADABLE: ['The browser may not read this file.', 'Nothing was sent. Check that your user may open it, then choose it again.'],
  CONNECTION_LOST: ['The connection to the program broke off.', 'What has arrived is kept. Try again to go on from there.'],
  SESSION_ENDED: ['The session of this window has ended.', 'What has arrived is kept. Open the address that the program printed, then choose the same file again.'],
};

export class UploadError extends Error {
  override readonly name = 'UploadError';
  readonly code: string;
  readonly help: string;
  readonly meta: ErrorFacts['meta'];

  constructor(facts: { readonly code: string; readonly message: string; readonly help: string; readonly meta?: ErrorFacts['meta'] }, cause?: unknown) {
    super(facts.message, { cause });
    this.code = facts.code;
    this.help = facts.help;
    this.meta = facts.meta ?? {};
  }

  static of(code: UploadFault, cause?: unknown): UploadError {
    const [message, help] = SENTENCES[code];
    return new UploadError({ code, message, help }, cause);
  }
}
