import { isIPv4, isIPv6 } from 'node:net';

const GROUPS = 8;
/** What is no address at all, as a proxy may say it, stays short. */
const MAX_LETTERS = 64;

/**
 * Who an address of the network belongs to: one of version 4 by itself, of version 6 the /64 that a household or host is given and draws from
 * as it likes.
 */
export function networkOf(address: string): string {
  const [plain = ''] = address.split('%'); // without the name of an interface
  if (isIPv4(plain)) return plain;
  if (!isIPv6(plain)) return address.slice(0, MAX_LETTERS);
  const groups = groupsOf(plain);
  const [high = 0, low = 0] = groups.slice(6);
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) return [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.');
  return `${groups.slice(0, 4).map((group) => group.toString(16)).join(':')}::/64`;
}

function groupsOf(address: string): readonly number[] {
  const [head = '', tail] = address.split('::');
  const [before, after] = [numbers(head), numbers(tail ?? '')];
  return tail === undefined ? before : [...before, ...new Array<number>(GROUPS - before.length - after.length).fill(0), ...after];
}

function numbers(text: string): readonly number[] {
  if (text === '') return [];
  return text.split(':').flatMap((group) => {
    if (!group.includes('.')) return [parseInt(group, 16)];
    const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number);
    return [a * 256 + b, c * 256 + d];
  });
}
