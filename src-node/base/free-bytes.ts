import { statfs } from 'node:fs/promises';

/** What this user can still write to the disk of `folder`, which must be there. */
export async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}
