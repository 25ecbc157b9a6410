/** The wallet in the form that JSON-RPC asks for on behalf of other programs. */
import { equal, fromHex, type Bytes } from './base/bytes.ts';
import { CodedError } from './base/errors.ts';
import type { Topic } from './api/contract/app.ts';
import type { WalletServices } from './api/services.ts';
import type { KeysPort } from './keys/calls.ts';
import type { WalletPort } from './rpc/wallet-port.ts';
import type { AskedSignature, AskedTransaction, Asker } from './wallet/program-request.ts';

type Opened = Pick<WalletServices, 'requests' | 'labels'>;

export class ProgramWallet implements WalletPort {
  readonly #keys: KeysPort;
  readonly #changed: (topic: Topic) => void;
  #opened: Opened | null = null;

  constructor(modules: { readonly keys: KeysPort; readonly changed: (topic: Topic) => void }) {
    this.#keys = modules.keys;
    this.#changed = modules.changed;
  }

  /** JSON-RPC listens before the network runs; from here on programs are served. */
  open(wallet: Opened): void {
    this.#opened = wallet;
  }

  async addresses(): Promise<readonly Bytes[]> {
    const held = (await this.#keys.call('status', {})).accounts.map(({ address }) => fromHex(address));
    const chosen = this.#opened?.labels.defaultAccount ?? null;
    const isChosen = (address: Bytes): boolean => chosen !== null && equal(address, chosen);
    return [...held.filter(isChosen), ...held.filter((address) => !isChosen(address))];
  }

  async isUnlocked(): Promise<boolean> {
    return (await this.#keys.call('status', {})).unlocked;
  }

  async lock(): Promise<void> {
    await this.#keys.call('lock', {});
    this.#changed('app');
    this.#changed('wallet');
  }

  async askTransaction(asked: Omit<AskedTransaction, 'kind'>, asker: Asker): Promise<Bytes> {
    return this.#requests.askTransaction(asked, asker);
  }

  async askSignature(asked: Omit<AskedSignature, 'kind'>, asker: Asker): Promise<Bytes> {
    return this.#requests.askSignature(asked, asker);
  }

  get #requests(): Opened['requests'] {
    if (this.#opened === null) throw new CodedError('NO_NETWORK', 'The wallet is not open yet.', { help: 'Ask again in a moment.' });
    return this.#opened.requests;
  }
}
