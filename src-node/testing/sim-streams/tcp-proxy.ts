/** Stands before a server on loopback, and cuts it off when told to. */
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** `drop`: connections are torn down, and new ones at once. `stall`: they stay, and nothing comes through. */
export type ProxyMode = 'pass' | 'drop' | 'stall';

export class TcpProxy {
  readonly #server: Server;
  readonly #pairs = new Set<readonly [Socket, Socket]>();
  #mode: ProxyMode = 'pass';
  /** Port of the server behind; a new one after its restart. */
  target = 0;

  private constructor() {
    this.#server = createServer((client) => this.#join(client));
  }

  static async listen(target = 0): Promise<TcpProxy> {
    const proxy = new TcpProxy();
    proxy.target = target;
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  set mode(mode: ProxyMode) {
    this.#mode = mode;
    for (const pair of [...this.#pairs]) {
      if (mode === 'drop') for (const socket of pair) socket.destroy();
      else for (const socket of pair) if (mode === 'stall') socket.pause();
      else socket.resume();
    }
  }

  close(): void {
    this.mode = 'drop';
    this.#server.close();
  }

  #join(client: Socket): void {
    const server = connect({ host: '127.0.0.1', port: this.target });
    const pair = [client, server] as const;
    this.#pairs.add(pair);
    for (const [from, to] of [pair, [server, client]] as const) {
      from.setNoDelay(true);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        this.#pairs.delete(pair);
        to.destroy();
      });
      from.on('end', () => to.end());
      from.on('data', (data) => {
        if (to.write(data)) return;
        from.pause();
        to.once('drain', () => {
          if (this.#mode !== 'stall') from.resume();
        });
      });
      if (this.#mode === 'stall') from.pause();
    }
    if (this.#mode === 'drop') for (const socket of pair) socket.destroy();
  }
}
