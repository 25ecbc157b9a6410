/** The places of the rail. Only pages that exist stand here. */
import { CircleDot, House, Network, PackageCheck, Radio, ReceiptText, Settings, Store, Wallet, type LucideIcon } from 'lucide-react';

export type PlacePath = '/' | '/wallet' | '/market' | '/purchases' | '/streams' | '/desk' | '/rnode' | '/node' | '/settings';

export interface Place {
  readonly path: PlacePath;
  /** `shell.place.<key>` */
  readonly key: string;
  readonly icon: LucideIcon;
  /** Second key after G. */
  readonly letter: string;
}

export interface PlaceGroup {
  /** `shell.group.<key>`; the first group has no name. */
  readonly key: string | null;
  readonly places: readonly Place[];
}

export const PLACE_GROUPS: readonly PlaceGroup[] = [
  { key: null, places: [{ path: '/', key: 'home', icon: House, letter: 'h' }, { path: '/wallet', key: 'wallet', icon: Wallet, letter: 'w' }] },
  { key: 'data', places: [{ path: '/market', key: 'market', icon: Store, letter: 'm' }, { path: '/purchases', key: 'purchases', icon: PackageCheck, letter: 'p' }, { path: '/streams', key: 'streams', icon: Radio, letter: 's' }] },
  { key: 'selling', places: [{ path: '/desk', key: 'desk', icon: ReceiptText, letter: 'l' }] },
  { key: 'network', places: [{ path: '/rnode', key: 'rnode', icon: CircleDot, letter: 'r' }, { path: '/node', key: 'node', icon: Network, letter: 'n' }] },
];

export const SETTINGS: Place = { path: '/settings', key: 'settings', icon: Settings, letter: ',' };

export const PLACES: readonly Place[] = [...PLACE_GROUPS.flatMap((group) => group.places), SETTINGS];

/** The place a path belongs to: objects stand below their list. */
export function placeOf(path: string): Place | undefined {
  const parents: readonly (readonly [RegExp, PlacePath])[] = [[/^\/orders\//, '/purchases'], [/^\/publish/, '/desk'], [/^\/gateway$/, '/node']];
  const own = parents.find(([pattern]) => pattern.test(path))?.[1] ?? path;
  return PLACES.filter((place) => own === place.path || own.startsWith(place.path === '/' ? '//' : `${place.path}/`)).at(0);
}
