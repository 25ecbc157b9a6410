import type { Bytes, Hex } from '../../base/bytes.ts';
import { isCoded, toCoded, type CodedError } from '../../base/errors.ts';
import type { Logger } from '../../base/logger.ts';
import type { ReceiptMessage } from '../../contracts/typed-data.ts';
import type { GatewayKeys } from '../ports.ts';
import { notHeld } from './problems.ts';

/** Receipts are signed in the keys process, also while the wallet is locked; why they cannot be is told here. */
export class ReceiptSigning {
  readonly #keys: GatewayKeys;
  readonly #log: Logger;
  readonly #onChange: () => void;
  #problem: CodedError | null = null;

  constructor(modules: { readonly keys: GatewayKeys; readonly log: Logger; readonly onChange: () => void }) {
    this.#keys = modules.keys;
    this.#log = modules.log;
    this.#onChange = modules.onChange;
  }

  get problem(): CodedError | null {
    return this.#problem;
  }

  /** @throws STREAM_NOT_HELD, KEYS_STOPPED */
  async sign(receipt: ReceiptMessage): Promise<Bytes> {
    try {
      const signature = await this.#keys.signReceipt(receipt);
      this.tells(null);
      return signature;
    } catch (error) {
      this.tells(toCoded(error));
      throw error;
    }
  }

  /** Whether the key of this gateway is there. */
  async look(gatewayId: Hex): Promise<void> {
    try {
      this.tells((await this.#keys.held()).ids.has(gatewayId) ? null : notHeld());
    } catch (error) {
      if (!isCoded(error)) throw error;
      this.tells(error);
    }
  }

  tells(problem: CodedError | null): void {
    const before = this.#problem;
    this.#problem = problem;
    if (before?.code === problem?.code) return;
    if (problem === null) this.#log.info('receipts are signed again');
    else this.#log.warn('receipts cannot be signed', { code: problem.code });
    this.#onChange();
  }

  /** Nothing is signed any more. */
  stop(): void {
    this.#problem = null;
  }
}
