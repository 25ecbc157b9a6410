/**
 * The floors of the house as data: the lint configuration and its test read this one table (ARCHITECTURE.md, "Floors").
 * A folder of src-node imports from itself, from `base`, and from folders of lower floors; never from its own floor.
 */
export const FLOORS = [
  ['base', 'crypto'],
  ['primitives', 'networks', 'db'],
  ['state'],
  ['evm'],
  ['chain', 'contracts'],
  ['dpor', 'p2p'],
  ['sync', 'keys', 'wallet', 'otp', 'market', 'streams', 'bridge'],
  ['rpc', 'api'],
];

const folders = FLOORS.flat();

/** @returns {string[]} the folders that `folder` may import, itself included */
export function allowedImports(folder) {
  const floor = FLOORS.findIndex((names) => names.includes(folder));
  return [...new Set([folder, 'base', ...FLOORS.slice(0, floor).flat()])];
}

export const boundaryElements = [
  ...folders.map((name) => ({ type: name, pattern: `src-node/${name}`, mode: 'folder' })),
  { type: 'node', pattern: 'src-node/*.ts', mode: 'full' },
  { type: 'testing', pattern: 'src-node/testing', mode: 'folder' },
  { type: 'main', pattern: 'src-main', mode: 'folder' },
  { type: 'models', pattern: 'src-renderer/models', mode: 'folder' },
  { type: 'views', pattern: 'src-renderer/views', mode: 'folder' },
  { type: 'ui', pattern: 'src-renderer/ui', mode: 'folder' },
  { type: 'format', pattern: 'src-renderer/format', mode: 'folder' },
  { type: 'renderer', pattern: 'src-renderer/*.(ts|tsx)', mode: 'full' },
  { type: 'tools', pattern: '(e2e|bench|scripts)', mode: 'folder' },
];


export const boundaryRules = [
  ...folders.map((name) => ({ from: [name], allow: allowedImports(name) })),
  { from: ['testing'], allow: ['testing', 'node', ...folders] },
  { from: ['node'], allow: ['node', ...folders] },
  { from: ['main'], allow: ['main', 'node', 'api', 'base'] },
  { from: ['format'], allow: ['format'] },
  { from: ['ui'], allow: ['ui', 'format'] },
  { from: ['models'], allow: ['models', 'format'] },
  { from: ['models'], allow: ['api'], importKind: 'type' },
  { from: ['views'], allow: ['views', 'ui', 'models'] },
  { from: ['views'], allow: ['api'], importKind: 'type' },
  { from: ['renderer'], allow: ['renderer', 'models', 'views', 'ui'] },
  { from: ['renderer'], allow: ['api'], importKind: 'type' },
  { from: ['tools'], allow: ['tools', 'testing', 'main', 'node', 'models', 'views', 'ui', ...folders] },
];

/** Tests stand beside their file, so they keep its floor; beside that they may read recorded data. */
export const testBoundaryRules = [...boundaryRules, { from: [...folders, 'node', 'main', 'models', 'views', 'ui'], allow: ['testing'] }];
