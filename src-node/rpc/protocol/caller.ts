import type { Access } from './method.ts';
import type { RequestRate } from './request-rate.ts';
import type { Session } from './session.ts';

/** The program that asks. */
export interface Caller {
  /** 'private': it may call every method. */
  readonly access: Access;
  readonly rate: RequestRate;
  /** Where notifications go; undefined over HTTP. */
  readonly session: Session | undefined;
}
