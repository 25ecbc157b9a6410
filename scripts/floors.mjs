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

/** Folders by name; the first pattern that fits decides. A folder that stands on no floor is `homeless`, and may import nothing. */
export const boundaryElements = [
  ...folders.map((name) => ({ type: name, pattern: `src-node/${name}` })),
  { type: 'testing', pattern: 'src-node/testing' },
  { type: 'homeless', pattern: 'src-node/*' },
  { type: 'node', pattern: 'src-node' },
  { type: 'main', pattern: 'src-main' },
  { type: 'models', pattern: 'src-renderer/models' },
  { type: 'views', pattern: 'src-renderer/views' },
  { type: 'ui', pattern: 'src-renderer/ui' },
  { type: 'format', pattern: 'src-renderer/format' },
  { type: 'sample', pattern: 'src-renderer/testing' },
  { type: 'homeless', pattern: 'src-renderer/*' },
  { type: 'renderer', pattern: 'src-renderer' },
  { type: 'tools', pattern: '(e2e|bench|scripts)' },
];

/** One line of the table: `from` may import `to`; of kind "type" only, when it is said. */
function allow(from, to, kind) {
  const target = { to: { element: { type: to } }, ...(kind === undefined ? {} : { dependency: { kind } }) };
  return { from: { element: { type: from } }, allow: target };
}

export const boundaryPolicies = [
  ...folders.map((name) => allow(name, allowedImports(name))),
  allow('testing', ['testing', 'node', ...folders]),
  allow('node', ['node', ...folders]),
  allow('main', ['main', 'node', 'api', 'base']),
  allow('format', 'format'),
  allow('ui', ['ui', 'format']),
  allow('models', ['models', 'format']),
  allow('views', ['views', 'ui', 'models']),
  allow('renderer', ['renderer', 'models', 'views', 'ui']),
  allow('sample', ['sample', 'renderer', 'models', 'views', 'ui', 'format']),
  allow(['models', 'views', 'renderer', 'sample'], 'api', 'type'),
  allow('tools', ['tools', 'testing', 'sample', 'main', 'node', 'models', 'views', 'ui', ...folders]),
];

/** Tests stand beside their file, so they keep its floor; beside that they may read recorded data. */
export const testBoundaryPolicies = [...boundaryPolicies, allow([...folders, 'node', 'main', 'models', 'views', 'ui'], 'testing')];
