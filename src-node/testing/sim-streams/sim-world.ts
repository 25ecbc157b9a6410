/** What all processes of a simulation agree on: it is written down once, and the chain of every process is made from it. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';

const worldSchema = z.object({
  folder: z.string(),
  engine: z.enum(['kafka', 'built-in']),
  brokers: z.array(z.string()),
  /** Addresses of the gateways, the same after every restart. */
  endpoints: z.array(z.string()),
  streams: z.int(),
  readers: z.int(),
  /** 31 bytes in hex, so that a cluster never sees a stream twice. */
  run: z.string().length(62),
  startSeconds: z.int(),
  epochSeconds: z.int(),
  ahead: z.int(),
  unitPrice: z.int(),
  window: z.int(),
  /** Rows a second of each publisher. */
  rate: z.int(),
});
export type SimWorld = z.infer<typeof worldSchema>;

export function readWorld(path: string): SimWorld {
  return worldSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
}
