/** A window's port as the contract's server takes it: a message of another form ends that connection, and nothing else. */
import type { MessagePort } from 'node:worker_threads';
import { z } from 'zod';
import type { Logger } from '../base/logger.ts';

export interface GuardedPort {
  on(event: string, listener: (event?: { readonly data: unknown }) => void): void;
  postMessage(data: unknown): void;
}

const id = z.string().max(80);
const header = z.union([z.string(), z.array(z.string())]);
/** What the client of the contract sends: a call, a part of a stream, the end of a call. */
const messageSchema = z.union([
  z.object({ i: id, t: z.literal(1).optional(), p: z.object({ u: z.string().max(2048).refine((url) => url.startsWith('/') || URL.canParse(url)), h: z.record(z.string(), header).optional(), m: z.string().optional() }) }),
  z.object({ i: id, t: z.literal(3), p: z.object({}) }),
  z.object({ i: id, t: z.literal(4) }),
]);

export function guardedPort(port: MessagePort, modules: { readonly log: Logger }): GuardedPort {
  return {
    postMessage: (data) => port.postMessage(data),
    on: (event, listener) => {
      port.on(event as 'message', (data: unknown) => {
        if (event !== 'message' || isMessage(data)) return listener({ data });
        modules.log.warn('a message of a window is none of the contract; its connection ends');
        port.close();
      });
    },
  };
}

function isMessage(data: unknown): boolean {
  if (typeof data !== 'string') return false;
  try {
    return messageSchema.safeParse(JSON.parse(data)).success;
  } catch {
    return false; // not JSON
  }
}
