/** Everything that `npm run contracts` writes, as path (from the repository's root) to text. A test compares it with what is committed. */
import { CodedError } from '../../base/errors.ts';
import type { CompiledContract } from '../compiled.ts';
import { bindingsOf } from './bindings.ts';
import { compileContracts } from './compile.ts';
import { errorBindings } from './error-bindings.ts';
import { practiceGenesis } from './practice-genesis.ts';
import { upperSnake } from './solidity-types.ts';

export function contractOutputs(): ReadonlyMap<string, string> {
  const contracts = compileContracts();
  const outputs = new Map<string, string>();
  for (const [name, contract] of contracts) {
    outputs.set(`resources/contracts/${name}.json`, json(contract));
    outputs.set(`src-node/contracts/bindings/${kebab(name)}.gen.ts`, bindingsOf(name, contract));
  }
  outputs.set('src-node/contracts/bindings/errors.gen.ts', errorBindings(contracts.values()));
  outputs.set('resources/contracts/practice-genesis.json', json(practiceGenesis(named(contracts, 'Rnode'))));
  return outputs;
}

function named(contracts: ReadonlyMap<string, CompiledContract>, name: string): CompiledContract {
  const contract = contracts.get(name);
  if (contract === undefined) throw new CodedError('SOLIDITY_ERROR', `There is no contract ${name} among the sources.`);
  return contract;
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 1)}\n`;
}

function kebab(name: string): string {
  return upperSnake(name).toLowerCase().replaceAll('_', '-');
}
