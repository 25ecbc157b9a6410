import type { Asker } from '../../wallet/program-request.ts';
import type { Allowance } from './allowance.ts';
import type { Access } from './method.ts';
import type { Session } from './session.ts';

/** The program that asks. */
export interface Caller extends Asker {
  /** 'private': it may call every method. */
  readonly access: Access;
  readonly allowance: Allowance;
  /** Where notifications go; undefined over HTTP. */
  readonly session: Session | undefined;
}
