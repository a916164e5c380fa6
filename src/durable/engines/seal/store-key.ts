import { noKey } from './seal-errors.ts';
import { StoreSeal } from './session-seal.ts';

/** How a store seals. */
export interface SealOptions {
  /** Eight bytes that name the store in every seal. */
  readonly storeId: Uint8Array;
  /** Whether new sessions are sealed. What was sealed before stays so. */
  readonly isOn: boolean;
  /** The key, 32 bytes. Asked once, when something sealed is met or made. @throws ResproutError SEAL_KEY_MISSING, SEAL_KEY_UNSAFE */
  key(): Promise<Uint8Array>;
}

/** The key of a store, asked for when it is needed, and once. */
export class StoreKey {
  readonly #options: SealOptions | undefined;
  #seal: Promise<StoreSeal> | undefined;

  constructor(options: SealOptions | undefined) {
    this.#options = options;
  }

  get isOn(): boolean {
    return this.#options?.isOn === true;
  }

  /** @throws ResproutError SEAL_KEY_MISSING, SEAL_KEY_UNSAFE */
  seal(): Promise<StoreSeal> {
    return (this.#seal ??= this.#ask());
  }

  async #ask(): Promise<StoreSeal> {
    if (this.#options === undefined) throw noKey('this store was opened without a key', 'Open the store with its key');
    return new StoreSeal(await this.#options.key(), this.#options.storeId);
  }
}
