/** Solidity to checked bytecode, with the pinned compiler of package.json. The same input gives the same bytes on every machine. */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fromHex, equal, type Bytes } from '../../base/bytes.ts';
import { CodedError } from '../../base/errors.ts';
import type { CompiledContract } from '../compiled.ts';
import { checkOpcodes } from './opcodes.ts';

/** Contract size limit of the chain (docs/protocol/11 §4.2). */
const MAX_CODE_SIZE = 24_576;

const SOLIDITY_FOLDER = join(import.meta.dirname, '..', 'solidity');

const OUTPUTS = ['abi', 'evm.bytecode.object', 'evm.deployedBytecode.object', 'evm.deployedBytecode.immutableReferences', 'storageLayout'];

const SETTINGS = {
  evmVersion: 'constantinople',
  viaIR: true,
  optimizer: { enabled: true, runs: 200 },
  metadata: { appendCBOR: false },
};

interface SolcContract {
  readonly abi: CompiledContract['abi'];
  readonly storageLayout: { readonly storage: readonly { readonly label: string; readonly slot: string; readonly offset: number; readonly type: string }[] };
  readonly evm: {
    readonly bytecode: { readonly object: string };
    readonly deployedBytecode: { readonly object: string; readonly immutableReferences: Record<string, readonly { readonly start: number; readonly length: number }[]> };
  };
}

interface AstNode {
  readonly id?: number;
  readonly name?: string;
  readonly nodeType?: string;
  readonly nodes?: readonly AstNode[];
  readonly members?: readonly AstNode[];
}

interface SolcOutput {
  readonly sources?: Readonly<Record<string, { readonly ast?: AstNode }>>;
  readonly errors?: readonly { readonly severity: string; readonly formattedMessage: string }[];
  readonly contracts?: Readonly<Record<string, Readonly<Record<string, SolcContract>>>>;
}

interface Solc {
  compile(input: string, callbacks: { import(path: string): { contents: string } }): string;
}

/**
 * The deployable contracts of the solidity folder, by name. Each file is compiled alone with what it imports, so that an
 * edit of one contract never moves the bytes of another. @throws SOLIDITY_ERROR, FORBIDDEN_OPCODE, CODE_TOO_LARGE
 */
export function compileContracts(): ReadonlyMap<string, CompiledContract> {
  const solc = createRequire(import.meta.url)('solc') as Solc;
  const files = readdirSync(SOLIDITY_FOLDER).filter((name) => name.endsWith('.sol')).sort();
  return new Map(files.flatMap((file) => compileFile(solc, file)));
}

function compileFile(solc: Solc, file: string): readonly (readonly [string, CompiledContract])[] {
  const read = (path: string): { contents: string } => ({ contents: readFileSync(join(SOLIDITY_FOLDER, path), 'utf8') });
  const trees: Record<string, object> = {}; // of the shared sources, where most enums are declared
  for (const name of readdirSync(join(SOLIDITY_FOLDER, 'lib'))) trees[`lib/${name}`] = { '': ['ast'] };
  const settings = { ...SETTINGS, outputSelection: { ...trees, [file]: { '': ['ast'], '*': OUTPUTS } } };
  const input = JSON.stringify({ language: 'Solidity', sources: { [file]: { content: read(file).contents } }, settings });
  const output = JSON.parse(solc.compile(input, { import: read })) as SolcOutput;
  const complaints = output.errors ?? [];
  if (complaints.length > 0) {
    throw new CodedError('SOLIDITY_ERROR', complaints.map((entry) => entry.formattedMessage).join('\n'), { help: 'Errors and warnings both stop the build.' });
  }
  const nodes = Object.values(output.sources ?? {}).flatMap(({ ast }) => (ast === undefined ? [] : declarations(ast)));
  return Object.entries(output.contracts?.[file] ?? {})
    .filter(([, contract]) => contract.evm.bytecode.object !== '')
    .map(([name, contract]) => [name, checked(name, contract, nodes)]);
}

function checked(name: string, contract: SolcContract, nodes: readonly AstNode[]): CompiledContract {
  const { bytecode, deployedBytecode } = contract.evm;
  const creation = fromHex(bytecode.object);
  const runtime = fromHex(deployedBytecode.object);
  if (runtime.length > MAX_CODE_SIZE) {
    throw new CodedError('CODE_TOO_LARGE', `${name} has ${runtime.length} bytes of code; the chain takes ${MAX_CODE_SIZE}.`);
  }
  checkOpcodes(name, runtime);
  checkOpcodes(`${name} constructor`, constructorPart(name, creation, runtime));
  return {
    abi: contract.abi,
    bytecode: `0x${bytecode.object}`,
    deployedBytecode: `0x${deployedBytecode.object}`,
    immutableReferences: Object.fromEntries(
      Object.entries(deployedBytecode.immutableReferences).map(([id, places]) => [nodes.find((node) => String(node.id) === id)?.name ?? id, places]),
    ),
    enums: Object.fromEntries(
      nodes.filter((node) => node.nodeType === 'EnumDefinition').map((node) => [node.name ?? '', (node.members ?? []).map((member) => member.name ?? '')]),
    ),
    storageLayout: contract.storageLayout.storage.map(({ label, slot, offset, type }) => ({ label, slot: Number(slot), offset, type: withoutAstIds(type) })),
  };
}

/** solc puts the runtime code last, so that what stands before it is the constructor. */
function constructorPart(name: string, creation: Bytes, runtime: Bytes): Bytes {
  const split = creation.length - runtime.length;
  if (split <= 0 || !equal(creation.subarray(split), runtime)) {
    throw new CodedError('SOLIDITY_ERROR', `The creation code of ${name} does not end with its runtime code.`);
  }
  return creation.subarray(0, split);
}

/** Every declaration below a node: the compiler names immutables by the number of theirs. */
function declarations(node: AstNode): readonly AstNode[] {
  return [node, ...(node.nodes ?? []).flatMap(declarations)];
}

/** Type names carry node numbers that shift with every edit of an unrelated file. */
function withoutAstIds(type: string): string {
  return type.replace(/\)\d+_storage/g, ')_storage');
}
