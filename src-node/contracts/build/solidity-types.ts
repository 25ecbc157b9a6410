/** Solidity types of an ABI as TypeScript: the type, the code that reads it from a decoded result, the code that writes it. */
import { CodedError } from '../../base/errors.ts';

export interface AbiParameter {
  readonly name: string;
  readonly type: string;
  readonly internalType?: string;
  readonly indexed?: boolean;
  readonly components?: readonly AbiParameter[];
}

export interface TypeScriptType {
  readonly name: string;
  /** Expression that turns the decoded value `from` into the type. */
  read(from: string): string;
  /** Expression that turns a value `from` of the type into what the coder takes. */
  write(from: string): string;
}

/** Integers of up to this many bits fit a number exactly. */
const NUMBER_BITS = 48;

const asIs = (from: string): string => from;

export function typeScriptType(parameter: AbiParameter): TypeScriptType {
  const { type } = parameter;
  if (type.endsWith('[]')) return listOf(parameter);
  const declared = parameter.internalType?.split(' ') ?? [];
  if (declared[0] === 'enum') return enumOf(declaredName(declared[1]));
  if (type === 'tuple') return structOf(declaredName(declared[1]), parameter.components ?? []);
  if (type === 'address' || type.startsWith('bytes')) return { name: 'Hex', read: (from) => `hex(${from})`, write: asIs };
  if (type === 'bool') return { name: 'boolean', read: (from) => `bool(${from})`, write: asIs };
  if (type === 'string') return { name: 'string', read: (from) => `text(${from})`, write: asIs };
  if (type.startsWith('uint')) {
    const isNumber = Number(type.slice(4)) <= NUMBER_BITS;
    return { name: isNumber ? 'number' : 'bigint', read: (from) => `${isNumber ? 'int' : 'big'}(${from})`, write: asIs };
  }
  throw new CodedError('UNKNOWN_TYPE', `The binding generator does not know the Solidity type ${type}.`);
}

function listOf(parameter: AbiParameter): TypeScriptType {
  const item = typeScriptType({
    ...parameter,
    type: parameter.type.slice(0, -2),
    ...(parameter.internalType === undefined ? {} : { internalType: parameter.internalType.slice(0, -2) }),
  });
  return {
    name: `readonly ${item.name}[]`,
    read: (from) => `list(${from}, (item) => ${item.read('item')})`,
    write: (from) => (item.write('item') === 'item' ? from : `${from}.map((item) => ${item.write('item')})`),
  };
}

function enumOf(name: string): TypeScriptType {
  return { name, read: (from) => `nameOf(${valuesOf(name)}, ${from})`, write: (from) => `${valuesOf(name)}.indexOf(${from})` };
}

function structOf(name: string, components: readonly AbiParameter[]): TypeScriptType {
  const plain = components.every((component) => typeScriptType(component).write('v') === 'v');
  return { name, read: (from) => `read${name}(${from})`, write: (from) => (plain ? from : `write${name}(${from})`) };
}

/** `PDListing.State` and `State` are both State. */
function declaredName(name: string | undefined): string {
  return name?.split('.').pop() ?? '';
}

/** Constant with the names of an enum's values. */
export function valuesOf(enumName: string): string {
  return `${upperSnake(enumName)}_VALUES`;
}

/** PDEscrow -> PD_ESCROW, OrderPlaced -> ORDER_PLACED. */
export function upperSnake(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])|([A-Z])([A-Z][a-z])/g, '$1$3_$2$4').toUpperCase();
}
