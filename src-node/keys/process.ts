/** Entry of the keys process: `folder` as its only argument, calls over the IPC channel of its parent. No network, no other input. */
import { CodedError, toCoded, type ErrorJson } from '../base/errors.ts';
import { callSchemas, type CallName } from './calls.ts';
import { KeysService } from './service.ts';

export interface CallMessage {
  readonly id: number;
  readonly name: CallName;
  readonly args: never;
}
export type ReplyMessage = { readonly id: number; readonly result: unknown } | { readonly id: number; readonly error: ErrorJson } | { readonly locked: true } | { readonly ready: true };

function isCall(message: unknown): message is CallMessage {
  return typeof message === 'object' && message !== null && 'id' in message && typeof message.id === 'number' && 'name' in message && typeof message.name === 'string' && Object.hasOwn(callSchemas, message.name) && 'args' in message;
}

/** Whoever can be answered is: a call that waits for ever would look like a wallet that hangs. */
function refuse(message: unknown): void {
  if (typeof message !== 'object' || message === null || !('id' in message) || typeof message.id !== 'number') return;
  send({ id: message.id, error: new CodedError('BAD_REQUEST', 'The keys process knows no such call.').toJSON() });
}

const [, , folder = '', cost] = process.argv;
const send = (message: ReplyMessage): void => void process.send?.(message);
const service = await KeysService.open({ folder, ...(cost === 'light' ? { cost: { n: 4096, r: 8, p: 1 } } : {}) }, { onLocked: () => send({ locked: true }) });

process.on('message', (message: unknown) => {
  if (!isCall(message)) return refuse(message);
  const { id, name, args } = message;
  service.call(name, args).then((result) => send({ id, result }), (error: unknown) => send({ id, error: toCoded(error).toJSON() }));
});
process.on('disconnect', () => {
  service.close();
  process.exit(0);
});
// The terminal's Ctrl C reaches every process of the group; the parent decides when this one ends.
process.on('SIGINT', () => undefined);
send({ ready: true });
