/** Typed events inside one process. A listener that throws is reported and never stops the others. */
export type Listener<T> = (value: T) => void;

export class Emitter<Events extends Record<string, unknown>> {
  readonly #listeners = new Map<keyof Events, Set<Listener<never>>>();
  readonly #onError: (error: unknown, event: string) => void;

  constructor(onError: (error: unknown, event: string) => void) {
    this.#onError = onError;
  }

  /** @returns the function that stops listening */
  on<K extends keyof Events>(event: K, listener: Listener<Events[K]>): () => void {
    let set = this.#listeners.get(event);
    if (set === undefined) this.#listeners.set(event, (set = new Set()));
    set.add(listener);
    return () => set.delete(listener);
  }

  emit<K extends keyof Events>(event: K, value: Events[K]): void {
    for (const listener of [...(this.#listeners.get(event) ?? [])]) {
      try {
        (listener as Listener<Events[K]>)(value);
      } catch (error) {
        this.#onError(error, String(event));
      }
    }
  }

  /** The next `event` for which `test` holds; rejects with the signal's reason when it aborts first. */
  next<K extends keyof Events>(event: K, test: (value: Events[K]) => boolean = () => true, signal?: AbortSignal): Promise<Events[K]> {
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        off();
        reject(signal?.reason instanceof Error ? signal.reason : new DOMException('Aborted', 'AbortError'));
      };
      const off = this.on(event, (value) => {
        if (!test(value)) return;
        off();
        signal?.removeEventListener('abort', abort);
        resolve(value);
      });
      if (signal?.aborted === true) abort();
      else signal?.addEventListener('abort', abort, { once: true });
    });
  }
}
