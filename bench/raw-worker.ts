/** The raw limit of packing: AES-256-GCM, then SHA-256 of the ciphertext, over 1 MiB buffers; one thread. */
import { createCipheriv, hash } from 'node:crypto';
import { serveTasks } from '../src-node/base/worker-pool.ts';

export interface RawTask {
  readonly mebibytes: number;
}

serveTasks(({ mebibytes }: RawTask) => {
  const plain = new Uint8Array(1 << 20).fill(7);
  const key = new Uint8Array(32).fill(1);
  const nonce = new Uint8Array(12);
  for (let i = 0; i < mebibytes; i++) {
    const cipher = createCipheriv('aes-256-gcm', key, nonce);
    hash('sha256', cipher.update(plain), 'buffer');
    cipher.final();
  }
  return { result: mebibytes };
});
