import { isCoded } from '../../base/errors.ts';
import type { Logger } from '../../base/logger.ts';
import { readParameters } from '../parameters/parameter.ts';
import type { Caller } from './caller.ts';
import { errorBody, noSuchMethod, notAuthorised, rpcError, tooBusy } from './errors.ts';
import { jsonText } from './json.ts';
import type { RpcMethod } from './method.ts';
import { parseMessage, type Message, type RpcRequest } from './request.ts';
import { WorkBudget } from './work-budget.ts';

export interface DispatcherModules {
  readonly logger: Logger;
  readonly budget?: WorkBudget;
  /** File of the token that authorises programs; told to those that have not shown it. */
  readonly tokenPath?: string | undefined;
}

/** Answers request texts with the methods of a table (docs/protocol/05 §1.1). */
export class Dispatcher {
  readonly #methods: ReadonlyMap<string, RpcMethod>;
  readonly #logger: Logger;
  readonly #budget: WorkBudget;
  readonly #tokenPath: string | undefined;
  readonly #reasonDeclined: (name: string) => string | undefined;

  /** @param reasonDeclined why a method that other nodes have is absent */
  constructor(methods: Iterable<RpcMethod>, modules: DispatcherModules, reasonDeclined: (name: string) => string | undefined = () => undefined) {
    this.#budget = modules.budget ?? new WorkBudget();
    this.#reasonDeclined = reasonDeclined;
    this.#methods = new Map([...methods].map((method) => [method.name, method]));
    this.#logger = modules.logger;
    this.#tokenPath = modules.tokenPath;
  }

  /** The answer to one message, as a line of text. It never rejects. */
  async answer(text: string, caller: Caller): Promise<string> {
    const answer = await this.#answerMessage(text, caller);
    try {
      return `${jsonText(answer)}\n`;
    } catch (error) {
      this.#logger.error('An answer of the JSON-RPC server could not be written as text', {}, error);
      return `${jsonText({ jsonrpc: '2.0', error: errorBody(error) })}\n`;
    }
  }

  async #answerMessage(text: string, caller: Caller): Promise<unknown> {
    let message: Message;
    try {
      message = parseMessage(text);
    } catch (error) {
      const wait = caller.allowance.take();
      return { jsonrpc: '2.0', error: errorBody(wait > 0 ? tooBusy(wait) : error) };
    }
    if (!isBatch(message)) return this.#answerRequest(message, caller);
    const answers: unknown[] = [];
    for (const request of message) {
      if (caller.closed.aborted) break; // nobody hears it, and what the methods work on may be closed by now
      answers.push(await this.#answerRequest(request, caller));
    }
    return answers;
  }

  async #answerRequest(request: RpcRequest, caller: Caller): Promise<unknown> {
    const { id, method: name } = request;
    try {
      refuseWhileBusy(caller.allowance.take());
      refuseWhileBusy(this.#budget.waitMillis);
      if (name.split('_').length !== 2) return { jsonrpc: '2.0', error: errorBody(noSuchMethod(`${name}_`)) };
      const method = this.#methods.get(name);
      if (method === undefined) throw noSuchMethod(name, this.#reasonDeclined(name));
      if (method.access === 'private' && caller.access !== 'private') throw notAuthorised(name, this.#tokenPath);
      return { jsonrpc: '2.0', id, result: await this.#budget.spend(() => caller.allowance.spend(() => method.run(valuesOf(method, request.params), caller))) };
    } catch (error) {
      if (!isCoded(error)) this.#logger.error('A method of the JSON-RPC server failed', { method: name }, error);
      return { jsonrpc: '2.0', id, error: errorBody(error) };
    }
  }
}

function refuseWhileBusy(wait: number): void {
  if (wait > 0) throw tooBusy(wait);
}

function isBatch(message: Message): message is readonly RpcRequest[] {
  return Array.isArray(message);
}

function valuesOf(method: RpcMethod, params: unknown): readonly unknown[] {
  const { name, parameters } = method;
  if (parameters.length === 0) return [];
  if (params === undefined) {
    const [namespace, called = ''] = name.split('_');
    const declared = `${namespace ?? ''}_${called.charAt(0).toUpperCase()}${called.slice(1)}`;
    throw rpcError('BAD_PARAMETERS', `${declared} expects ${parameters.length} parameters, got 0`);
  }
  if (!Array.isArray(params)) throw rpcError('BAD_PARAMETERS', 'non-array args');
  return readParameters(parameters, params);
}
