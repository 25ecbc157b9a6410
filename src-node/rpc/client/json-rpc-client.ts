/** A JSON-RPC client over HTTP: answers are bounded, every failure is named. */
import { z } from 'zod';
import { CodedError } from '../../base/errors.ts';
import { readJsonBody } from '../../base/json-body.ts';

const responseSchema = z.object({ id: z.union([z.number(), z.string(), z.null()]).optional(), result: z.unknown().optional(), error: z.object({ code: z.number(), message: z.string().max(2000) }).optional() });

const TIMEOUT_MILLIS = 10_000;
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

export class JsonRpcClient {
  readonly #url: string;
  #nextId = 1;

  constructor(options: { readonly url: string }) {
    this.#url = options.url;
  }

  /** The raw result. @throws CHAIN_UNREACHABLE; RPC_ERROR (meta.reason) when the node answers with an error */
  async call(method: string, params: readonly unknown[], signal?: AbortSignal): Promise<unknown> {
    const body = JSON.stringify({ jsonrpc: '2.0', id: this.#nextId++, method, params });
    const answer = responseSchema.safeParse(await this.#post(body, signal));
    if (!answer.success) throw unreachable('not-json-rpc', 'it does not answer in JSON-RPC');
    const { error, result } = answer.data;
    if (error !== undefined) throw new CodedError('RPC_ERROR', `The node answered: ${error.message}`, { meta: { method, reason: error.message } });
    return result;
  }

  async #post(body: string, signal?: AbortSignal): Promise<unknown> {
    const limit = AbortSignal.any([AbortSignal.timeout(TIMEOUT_MILLIS), ...(signal === undefined ? [] : [signal])]);
    try {
      const response = await fetch(this.#url, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body, signal: limit, redirect: 'error' });
      const json = await readJsonBody(response, MAX_ANSWER_BYTES);
      if (json === undefined) throw unreachable('too-large', 'its answer is too large');
      return json;
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof CodedError) throw error as CodedError;
      throw unreachable('no-answer', 'it does not answer', error);
    }
  }
}

function unreachable(reason: 'not-json-rpc' | 'too-large' | 'no-answer', why: string, cause?: unknown): CodedError {
  return new CodedError('CHAIN_UNREACHABLE', `The node that blocks are read from cannot be used now: ${why}.`, { help: 'Check its address in Settings and that it runs; what is stored here stays readable.', meta: { reason }, cause });
}
