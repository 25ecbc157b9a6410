/** Choices of the user and the network of this profile: one small file. */
import { z } from 'zod';
import { CodedError } from '../base/errors.ts';
import type { FilePort } from '../base/files.ts';
import { settingsSchema, type Settings } from './contract/app.ts';

const DEFAULTS: Settings = { language: 'system', theme: 'system', density: 'comfortable', moveLess: false, autoLockMinutes: 15, confirmAutomatically: false, deliveryMaxGwei: 200 };

const profileSchema = z.object({
  /** What an older version did not know has its default. */
  settings: z.looseObject({}).transform((saved) => settingsSchema.parse({ ...DEFAULTS, ...saved })),
  network: z.object({ name: z.enum(['practice', 'mainnet']), remoteUrl: z.string().nullable() }).nullable(),
  /** Market contracts in use, by network. */
  contracts: z.record(z.string(), z.object({ fraud: z.string(), listing: z.string(), escrow: z.string(), createdBlock: z.number().int().nonnegative() })),
  /** Contracts of streams in use, by network. */
  streamContracts: z.record(z.string(), z.object({ stream: z.string(), channel: z.string(), gateway: z.string() })).default({}),
});
export type Profile = z.infer<typeof profileSchema>;

export class ProfileStore {
  readonly #path: string;
  readonly #files: FilePort;
  #current: Profile;

  private constructor(path: string, files: FilePort, current: Profile) {
    this.#path = path;
    this.#files = files;
    this.#current = current;
  }

  /** @throws PROFILE_DAMAGED */
  static async open(path: string, files: FilePort): Promise<ProfileStore> {
    if (!(await files.exists(path))) return new ProfileStore(path, files, { settings: DEFAULTS, network: null, contracts: {}, streamContracts: {} });
    try {
      return new ProfileStore(path, files, profileSchema.parse(JSON.parse(Buffer.from(await files.read(path, 100_000)).toString('utf8'))));
    } catch (error) {
      throw new CodedError('PROFILE_DAMAGED', 'The settings file of this profile is damaged.', { help: 'Move it away: settings start anew, wallet and purchases stay.', meta: { path }, cause: error });
    }
  }

  get current(): Profile {
    return this.#current;
  }

  async change(change: Partial<Profile>): Promise<void> {
    const next = { ...this.#current, ...change };
    await this.#files.writeAtomic(this.#path, JSON.stringify(next, null, 2));
    this.#current = next;
  }
}
