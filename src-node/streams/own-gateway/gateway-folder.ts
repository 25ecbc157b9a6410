import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Bytes } from '../../base/bytes.ts';
import { SqliteGatewayStore } from '../gateway/store.ts';
import type { GatewayEntry } from '../index/gateway-entry.ts';

const DIGITS = 12;
const NOBODY = 'unregistered';

/** Where one registration keeps its logs, tickets and evidence: another registration begins anew. */
export class GatewayFolder {
  readonly path: string;
  readonly #root: string;
  readonly #isRegistered: boolean;

  /** @param root of all gateways of this program */
  constructor(root: string, registration: Pick<GatewayEntry, 'id'> | null) {
    this.#root = root;
    this.path = join(root, registration?.id.slice(2, 2 + DIGITS) ?? NOBODY);
    this.#isRegistered = registration !== null;
  }

  get evidence(): string {
    return join(this.path, 'evidence');
  }

  store(): SqliteGatewayStore {
    return new SqliteGatewayStore({ path: join(this.path, 'gateway.sqlite') });
  }

  /** Whether it is not known now which registration this is, and there was one before. */
  get isInDoubt(): boolean {
    return !this.#isRegistered && existsSync(this.#root) && readdirSync(this.#root).some((name) => name !== NOBODY);
  }

  /** All streams that have a log here. */
  hosted(): readonly Bytes[] {
    if (!this.#isRegistered) return [];
    const store = this.store();
    try {
      return store.hosted();
    } finally {
      store.close();
    }
  }
}
