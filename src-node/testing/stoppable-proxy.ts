/** A connection that can stand still without being closed, as one does behind a router that lost it or a machine that hangs. */
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

export class StoppableProxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** What came while it stood still, towards the client. */
  #held: { readonly to: Socket; bytes: Buffer }[] = [];
  #stands = false;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async listen(target: number): Promise<StoppableProxy> {
    const server = createServer();
    const proxy = new StoppableProxy(server);
    server.on('connection', (client) => proxy.#join(client, connect(target, '127.0.0.1')));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Nothing passes from now on, either way. */
  standStill(): void {
    this.#stands = true;
  }

  /** Of what came since, so many bytes pass towards the client. */
  drip(count: number): void {
    const [first] = this.#held;
    if (first === undefined) return;
    first.to.write(first.bytes.subarray(0, count));
    first.bytes = first.bytes.subarray(count);
    if (first.bytes.length === 0) this.#held.shift();
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #join(client: Socket, gateway: Socket): void {
    for (const [from, to] of [[client, gateway], [gateway, client]] as const) {
      this.#sockets.add(from);
      from.on('data', (bytes) => {
        if (!this.#stands) to.write(bytes);
        else if (to === client) this.#held.push({ to, bytes });
      });
      from.on('close', () => to.destroy());
      from.on('error', () => to.destroy());
    }
  }
}
