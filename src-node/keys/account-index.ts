/** The public list of accounts: readable while the wallet is locked, so that balances show at once. Holds no secret. */
import { join } from 'node:path';
import { z } from 'zod';
import { CodedError } from '../base/errors.ts';
import type { FilePort } from '../base/files.ts';

const indexSchema = z.object({
  version: z.literal(1),
  hasSeed: z.boolean(),
  accounts: z.array(z.object({
    address: z.string().regex(/^[0-9a-f]{40}$/),
    source: z.union([z.object({ kind: z.literal('seed'), index: z.number().int().nonnegative() }), z.object({ kind: z.literal('keystore'), file: z.string().max(200) })]),
  })).max(1000),
});
export type AccountIndex = z.infer<typeof indexSchema>;
export type IndexedAccount = AccountIndex['accounts'][number];

export function accountIndexPath(folder: string): string {
  return join(folder, 'accounts.json');
}

/** Null when there is no wallet. @throws BAD_KEYSTORE */
export async function loadAccountIndex(folder: string, files: FilePort): Promise<AccountIndex | null> {
  const path = accountIndexPath(folder);
  if (!(await files.exists(path))) return null;
  try {
    return indexSchema.parse(JSON.parse(Buffer.from(await files.read(path, 1_000_000)).toString('utf8')));
  } catch (error) {
    throw new CodedError('BAD_KEYSTORE', 'The list of accounts in the wallet folder is damaged.', {
      help: 'Move the folder away and import your wallet by its 24 words; nothing on the chain is lost.',
      meta: { reason: 'index' },
      cause: error,
    });
  }
}

export async function saveAccountIndex(folder: string, files: FilePort, index: AccountIndex): Promise<void> {
  await files.writeAtomic(accountIndexPath(folder), JSON.stringify(index));
}
