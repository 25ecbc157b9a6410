import { expect, it } from 'vitest';
import type { FilePort } from '../../base/files.ts';
import { FileReaderStore, NEW_READER } from './reader-store.ts';

it('keeps the newest state, however slow the disk is with an older one', async () => {
  const held = new Map<string, string>();
  let slow = 20;
  const files: Partial<FilePort> = {
    writeAtomic: async (path, content) => {
      await new Promise((resolve) => setTimeout(resolve, (slow -= 5)));
      held.set(path, String(content));
    },
    read: (path) => Promise.resolve(Buffer.from(held.get(path) ?? '')),
  };
  const store = new FileReaderStore({ path: 'reader' }, { files: files as FilePort });
  const state = (amount: bigint) => ({ ...NEW_READER, spend: { ...NEW_READER.spend, amount } });
  await Promise.all([store.save(state(6n)), store.save(state(9n))]);
  expect([...held.values()].map((text) => (JSON.parse(text) as { spend: { amount: string } }).spend.amount)).toEqual(['9', '9']);
  expect((await store.load()).spend.amount).toBe(9n);
});
