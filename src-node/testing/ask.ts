import { silentLogger } from '../base/logger.ts';
import { Rate } from '../base/rate.ts';
import { Allowance } from '../rpc/protocol/allowance.ts';
import type { Caller } from '../rpc/protocol/caller.ts';
import { Dispatcher } from '../rpc/protocol/dispatcher.ts';
import type { RpcMethod } from '../rpc/protocol/method.ts';
import type { Session } from '../rpc/protocol/session.ts';
import { WorkBudget } from '../rpc/protocol/work-budget.ts';

export interface Answer<T> {
  readonly result: T;
  readonly error?: { readonly code: number; readonly message: string };
}

/** Asks methods as a program over HTTP would, or over a connection with a session, without a server and as much as one likes. */
export function asking(methods: readonly RpcMethod[], session?: Session): <T = unknown>(method: string, ...params: readonly unknown[]) => Promise<Answer<T>> {
  const dispatcher = new Dispatcher(methods, { logger: silentLogger, budget: unbounded() });
  const caller: Caller = { access: 'public', allowance: new Allowance({ rate: new Rate({ capacity: Infinity, perSecond: 1 }), work: unbounded() }), session, link: 'http', closed: new AbortController().signal };
  return async <T>(method: string, ...params: readonly unknown[]) => JSON.parse(await dispatcher.answer(JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }), caller)) as Answer<T>;
}

function unbounded(): WorkBudget {
  return new WorkBudget({ capacityMillis: Infinity, share: 1 });
}
