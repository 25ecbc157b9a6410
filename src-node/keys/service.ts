/** Carries out the calls of the keys process, one after another, and locks the wallet when nobody used it for a while. */
import { concat, hexOf, fromHex, equal, type Bytes } from '../base/bytes.ts';
import { systemClock, type Clock } from '../base/clock.ts';
import { CodedError } from '../base/errors.ts';
import { systemFiles, type FilePort } from '../base/files.ts';
import { addressOf, addressOfPublicKey, publicKeyOf, sign } from '../crypto/secp256k1.ts';
import { MESSAGE_FIRST_V, messageDigest } from '../primitives/signed-message.ts';
import { encodeTransaction, signTransaction } from '../primitives/transaction.ts';
import { callSchemas, type Authority, type CallArgs, type CallName, type CallResults, type KeysPort, type KeysStatus, type TransactionRequest } from './calls.ts';
import { DeliveryDesk } from './delivery-desk.ts';
import { deliveryKey, gatewayKey, keyCommitOf, openKey, orderKey, packKey, publisherKey, sealKey, subscriptionKey } from './derived-secrets.ts';
import type { ScryptCost } from './keystore.ts';
import { MandateStore } from './mandate-store.ts';
import { SecretStore } from './secret-store.ts';
import { ACCOUNT_PATH, entropyOf } from './seed.ts';
import { SeedDrafts } from './seed-drafts.ts';
import { StreamDesk } from './stream-desk.ts';
import { Vault } from './vault.ts';

export interface KeysServiceOptions {
  readonly folder: string;
  readonly cost?: ScryptCost;
}

export interface KeysServiceModules {
  readonly files?: FilePort;
  readonly clock?: Clock;
  /** Told when the wallet locked itself. */
  readonly onLocked?: () => void;
}

const DEFAULT_AUTO_LOCK_MILLIS = 15 * 60_000;

export class KeysService implements KeysPort {
  readonly #vault: Vault;
  readonly #mandates: MandateStore;
  readonly #secrets: SecretStore;
  readonly #drafts: SeedDrafts;
  readonly #deliveries = new DeliveryDesk();
  readonly #streams = new StreamDesk();
  readonly #clock: Clock;
  readonly #onLocked: () => void;
  #autoLockMillis = DEFAULT_AUTO_LOCK_MILLIS;
  #locksAt: number | null = null;
  #timer: NodeJS.Timeout | undefined;
  #queue: Promise<unknown> = Promise.resolve();

  private constructor(vault: Vault, mandates: MandateStore, secrets: SecretStore, clock: Clock, onLocked: () => void) {
    this.#vault = vault;
    this.#mandates = mandates;
    this.#secrets = secrets;
    this.#drafts = new SeedDrafts({ clock });
    this.#clock = clock;
    this.#onLocked = onLocked;
  }

  static async open(options: KeysServiceOptions, modules: KeysServiceModules = {}): Promise<KeysService> {
    const files = modules.files ?? systemFiles;
    const clock = modules.clock ?? systemClock;
    const vault = await Vault.open(options, { files, clock });
    return new KeysService(vault, new MandateStore(options, { files, clock }), new SecretStore(options, { files }), clock, modules.onLocked ?? (() => undefined));
  }

  /** @throws BAD_REQUEST and the errors of the call (errors.ts) */
  async call<Name extends CallName>(name: Name, args: CallArgs<Name>): Promise<CallResults[Name]> {
    const parsed = callSchemas[name].safeParse(args);
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      throw new CodedError('BAD_REQUEST', 'The request to the keys process is not of its form.', { meta: { call: name, field: issue?.path.join('.') ?? '', reason: issue?.message ?? '' } });
    }
    // One after another: a derivation takes 300 MB, and a mandate's use is read, counted and written as one step.
    const run = this.#queue.then(() => this.#handlers[name](args));
    this.#queue = run.catch(() => undefined);
    return run;
  }

  close(): void {
    this.#lock();
    this.#deliveries.forget();
    this.#streams.forget();
    this.#drafts.forget();
  }

  readonly #handlers: { readonly [Name in CallName]: (args: CallArgs<Name>) => CallResults[Name] | Promise<CallResults[Name]> } = {
    status: () => this.#status(),
    configure: ({ autoLockMillis }) => {
      this.#autoLockMillis = autoLockMillis;
      if (this.#vault.unlocked) this.#stayUnlocked();
      return this.#status();
    },
    draftSeed: () => this.#drafts.start(),
    createWallet: async ({ draftId, password, answers }) => {
      await this.#vault.createFromSeed(this.#drafts.check(draftId, answers), password);
      this.#drafts.forget();
      return this.#unlockedStatus();
    },
    importSeed: async ({ words, password }) => {
      await this.#vault.createFromSeed(entropyOf(words), password);
      return this.#unlockedStatus();
    },
    importKeystore: async ({ json, filePassword, password }) => {
      await this.#vault.importKeystore(json, filePassword, password);
      return this.#unlockedStatus();
    },
    addAccount: async () => {
      await this.#vault.addSeedAccount();
      return this.#unlockedStatus();
    },
    upcomingAccounts: ({ count }) => this.#vault.upcomingAddresses(count).map((address) => `0x${address}`),
    unlock: async ({ password }) => {
      await this.#vault.unlock(password);
      return this.#unlockedStatus();
    },
    lock: () => {
      this.#lock();
      return this.#status();
    },
    signTransaction: async ({ request, authority }) => {
      const { chainId, ...fields } = request;
      const key = await this.#signingKey(request, authority);
      return encodeTransaction(signTransaction({ type: 0n, ...fields }, chainId, (digest: Bytes) => sign(digest, key)));
    },
    signMessage: ({ account, message }) => {
      const signature = sign(messageDigest(message), this.#vault.secretOf(account).key);
      this.#stayUnlocked();
      return concat(signature.subarray(0, 64), Uint8Array.of(MESSAGE_FIRST_V + (signature[64] ?? 0)));
    },
    grantMandate: async ({ mandate }) => {
      this.#vault.secretOf(mandate.account);
      await this.#mandates.grant(this.#vault.boxKey, mandate);
      return { id: mandate.id };
    },
    orderPoint: ({ order }) => publicKeyOf(orderKey(this.#vault.secretOf(order.buyer).orderBranch, order)),
    openDelivery: ({ order, orderId, delivery }) => openKey(orderKey(this.#vault.secretOf(order.buyer).orderBranch, order), delivery, orderId).key,
    revealForProof: ({ order, orderId, delivery }) => {
      const b = orderKey(this.#vault.secretOf(order.buyer).orderBranch, order);
      return { b, ...openKey(b, delivery, orderId) };
    },
    packKey: ({ packing }) => packKey(this.#vault.secretOf(packing.account).packSecret, packing.versionSalt, packing.chainId, packing.account),
    deliveryAccounts: ({ at, count }) => {
      const { packSecret } = this.#vault.secretOf(at.seller);
      return Array.from({ length: count }, (_, counter) => addressOf(deliveryKey(packSecret, { ...at, counter })));
    },
    holdDeliveries: ({ sellers }) => {
      this.#deliveries.hold(sellers, (seller) => this.#vault.secretOf(seller).packSecret);
      return this.#deliveries.held;
    },
    sealDelivery: ({ packing, keyCommit, orderId, buyerPoint }) => {
      const held = this.#deliveries.packKeyOf(keyCommit);
      if (held !== null) return sealKey(held, buyerPoint, orderId);
      const key = packKey(this.#vault.secretOf(packing.account).packSecret, packing.versionSalt, packing.chainId, packing.account);
      if (!equal(keyCommitOf(packing.account, packing.versionSalt, key), keyCommit)) {
        throw new CodedError('BAD_DELIVERY', 'The key of this version does not match its commitment on the chain; nothing was handed over.', { help: 'The version was packed by another wallet. Restore that wallet, or decline the order.', meta: { reason: 'commitment' } });
      }
      return sealKey(key, buyerPoint, orderId);
    },
    streamPublisher: ({ stream: { at, account, nonce } }) => addressOf(publisherKey(this.#vault.secretOf(account).packSecret, { ...at, contract: at.stream, account, nonce })),
    subscriptionKey: ({ channel: { at, account, nonce, streamId } }) => {
      const publicKey = publicKeyOf(subscriptionKey(this.#vault.secretOf(account).orderBranch, { ...at, contract: at.channel, account, nonce, streamId }));
      return { address: addressOfPublicKey(publicKey), publicKey };
    },
    gatewaySigner: ({ gateway: { at, account, nonce } }) => addressOf(gatewayKey(this.#vault.secretOf(account).packSecret, { ...at, contract: at.gateway, account, nonce })),
    holdStreams: (held) => {
      this.#streams.hold(held, (account) => this.#vault.secretOf(account));
      return this.#streams.held;
    },
    streamRoot: ({ streamId, generation }) => this.#streams.rootOf(streamId, generation),
    signBatch: ({ batch }) => this.#streams.signBatch(batch),
    signPublishTicket: ({ streamId, ticket }) => this.#streams.signPublishTicket(streamId, ticket),
    signReadTicket: ({ channelId, ticket }) => this.#streams.signReadTicket(channelId, ticket),
    signVoucher: ({ voucher }) => this.#streams.signVoucher(voucher),
    openEnvelope: ({ channelId, envelope }) => this.#streams.openEnvelope(channelId, envelope),
    signReceipt: ({ receipt }) => this.#streams.signReceipt(receipt),
    keepSecret: async ({ name, secret }) => {
      await this.#secrets.keep(this.#vault.boxKey, name, secret);
      return { kept: secret !== null };
    },
    openSecret: async ({ name }) => ({ secret: await this.#secrets.open(this.#vault.boxKey, name) }),
  };

  async #signingKey(request: TransactionRequest, authority: Authority): Promise<Bytes> {
    if (authority.kind === 'delivery') return this.#deliveries.keyForCall(request);
    if (authority.kind === 'mandate') {
      const { key } = this.#vault.secretOf(request.account);
      await this.#mandates.use(this.#vault.boxKey, authority.id, request);
      return key;
    }
    const key = (this.#vault.unlocked ? this.#deliveries.keyForReturn(request) : null) ?? this.#vault.secretOf(request.account).key;
    this.#stayUnlocked();
    return key;
  }

  #status(): KeysStatus {
    return {
      held: this.#deliveries.held,
      streams: this.#streams.held,
      exists: this.#vault.exists,
      unlocked: this.#vault.unlocked,
      hasSeed: this.#vault.accounts.some(({ source }) => source.kind === 'seed'),
      locksAtMillis: this.#locksAt,
      accounts: this.#vault.accounts.map(({ address, source }) => ({ address: `0x${hexOf(fromHex(address))}`, source: source.kind, path: source.kind === 'seed' ? `${ACCOUNT_PATH}/${source.index}` : null })),
    };
  }

  #unlockedStatus(): KeysStatus {
    this.#stayUnlocked();
    return this.#status();
  }

  #stayUnlocked(): void {
    clearTimeout(this.#timer);
    this.#locksAt = this.#clock.now() + this.#autoLockMillis;
    this.#timer = setTimeout(() => {
      this.#lock();
      this.#onLocked();
    }, this.#autoLockMillis);
    this.#timer.unref();
  }

  #lock(): void {
    clearTimeout(this.#timer);
    this.#locksAt = null;
    this.#vault.lock();
  }
}
