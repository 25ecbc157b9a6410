const AUTH_MILLIS = 10_000;
const PING_MILLIS = 20_000;
const IDLE_MILLIS = 60_000;

/** Whether the other side of a connection still lives: who shows no ticket in time, or says nothing for long, is let go. */
export class SocketPulse {
  readonly #openedAt = performance.now();
  #heardAt = this.#openedAt;
  #sentPingAt = 0;

  heard(): void {
    this.#heardAt = performance.now();
  }

  /** What is to be done now. @param hasTicket whether it has shown one */
  due(hasTicket: boolean): 'ticket_required' | 'idle' | 'ping' | null {
    const now = performance.now();
    if (!hasTicket) return now - this.#openedAt > AUTH_MILLIS ? 'ticket_required' : null;
    if (now - this.#heardAt > IDLE_MILLIS) return 'idle';
    if (now - Math.max(this.#heardAt, this.#sentPingAt) <= PING_MILLIS) return null;
    this.#sentPingAt = now;
    return 'ping';
  }
}
