/** The tracers by their names; steps are listed when none is named. Programs of the asker's are not run. */
import { rpcError } from '../protocol/errors.ts';
import { bigramTracer } from './bigram-tracer.ts';
import { callTracer } from './call-tracer.ts';
import { evmdisTracer } from './evmdis-tracer.ts';
import { fourByteTracer } from './four-byte-tracer.ts';
import { noopTracer } from './noop-tracer.ts';
import { opcountTracer } from './opcount-tracer.ts';
import { prestateTracer } from './prestate-tracer.ts';
import type { StartTracer } from './tracer.ts';
import { trigramTracer } from './trigram-tracer.ts';
import { unigramTracer } from './unigram-tracer.ts';

const TRACERS: ReadonlyMap<string, StartTracer> = new Map([
  ['4byteTracer', fourByteTracer],
  ['bigramTracer', bigramTracer],
  ['callTracer', callTracer],
  ['evmdisTracer', evmdisTracer],
  ['noopTracer', noopTracer],
  ['opcountTracer', opcountTracer],
  ['prestateTracer', prestateTracer],
  ['trigramTracer', trigramTracer],
  ['unigramTracer', unigramTracer],
]);

/** @throws BAD_PARAMETERS */
export function tracerNamed(name: string): StartTracer {
  const tracer = TRACERS.get(name);
  if (tracer === undefined) throw rpcError('BAD_PARAMETERS', `programs are not run: leave the tracer out, or name one of ${[...TRACERS.keys()].join(', ')}`);
  return tracer;
}
