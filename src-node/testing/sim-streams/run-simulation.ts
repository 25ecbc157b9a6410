/** One run of the simulation: the nemesis for so many seconds, then healing, catching up, and the verdict. */
import { rounds, type Round } from './nemesis.ts';
import type { Violation } from './checker.ts';
import { StreamSimulation, pause, type SimulationOptions } from './simulation.ts';

export interface RunOptions extends SimulationOptions {
  readonly seconds: number;
  readonly seed: number;
}

export interface RunResult {
  readonly violations: readonly Violation[];
  /** Kept when there are violations. */
  readonly folder: string;
  readonly rounds: number;
  readonly acked: number;
  /** Handed to the publisher by one that was killed before it acknowledged them. */
  readonly unknown: number;
  readonly delivered: number;
  readonly gaps: number;
  readonly missed: number;
  readonly worstGapMillis: number;
  readonly worstCatchUpMillis: number;
  readonly medianDelayMillis: number;
  readonly worstDelayMillis: number;
}

/** A small machine needs a while to start a broker, and readers to read what came meanwhile. */
const HEAL_MILLIS = 30_000;
const CATCH_UP_MILLIS = 60_000;

/** @throws KAFKA_IMPOSSIBLE, KAFKA_NOT_STARTED */
export async function runSimulation(options: RunOptions): Promise<RunResult> {
  const simulation = new StreamSimulation(options);
  let isKept = true;
  try {
    await simulation.start();
    await simulation.flowing();
    simulation.note('rows flow to every reader');
    const { worst, count } = await torment(simulation, options);
    simulation.quiet();
    await pause(500);
    const { ok, millis } = await simulation.caughtUp(CATCH_UP_MILLIS);
    simulation.note(ok ? `every reader has every acknowledged row, ${millis} ms after the last one` : 'readers did not catch up');
    for (let reader = 0; reader < options.readers; reader++) await simulation.endReader(reader);
    const violations = [...simulation.checker.finish(options.streams)];
    isKept = violations.length > 0;
    const delays = simulation.delays.sort((a, b) => a - b);
    return {
      violations, folder: simulation.folder, rounds: count, ...simulation.checker.counts, worstGapMillis: simulation.checker.worstGapMillis, worstCatchUpMillis: Math.max(worst, millis),
      medianDelayMillis: delays[delays.length >> 1] ?? 0, worstDelayMillis: delays.at(-1) ?? 0,
    };
  } finally {
    await simulation.stop({ keep: isKept });
  }
}

async function torment(simulation: StreamSimulation, options: RunOptions): Promise<{ readonly worst: number; readonly count: number }> {
  const { brokers, gateways, streams, readers, seed, seconds } = options;
  const end = Date.now() + seconds * 1000;
  let worst = 0;
  let count = 0;
  for (const round of rounds({ seed, brokers: options.engine === 'kafka' ? brokers : 0, gateways, publishers: streams, readers })) {
    count += 1;
    await strike(simulation, round);
    const { ok, millis } = await simulation.caughtUp(CATCH_UP_MILLIS);
    worst = Math.max(worst, millis);
    if (!ok) {
      simulation.note('readers did not catch up with a round');
      await simulation.askAll();
      return { worst, count };
    }
    await simulation.cluster?.ready(brokers);
    if (round.forgetFor !== null && simulation.cluster !== undefined) await forget(simulation, round.forgetFor);
    if (Date.now() >= end || simulation.checker.violations.length > 0) return { worst, count };
    await pause(round.calmMillis);
  }
  return { worst, count };
}

async function strike(simulation: StreamSimulation, round: Round): Promise<void> {
  const { broker, brokerFault, gateway, gatewayFault, publisher } = round;
  const hasBrokers = simulation.cluster !== undefined;
  simulation.note([...(hasBrokers ? [`broker ${broker}: ${brokerFault}`] : []), `gateway ${gateway}: ${gatewayFault}`, ...(publisher === null ? [] : [`publisher ${publisher}: kill`])].join(', '));
  await Promise.all([hasBrokers ? simulation.faultBroker(broker, brokerFault) : null, simulation.faultGateway(gateway, gatewayFault), publisher === null ? null : simulation.killPublisher(publisher)]);
  await pause(round.faultMillis);
  await Promise.all([hasBrokers ? simulation.healBroker(broker, brokerFault) : null, simulation.healGateway(gateway, gatewayFault)]);
  if (publisher !== null) simulation.startPublisher(publisher);
  simulation.note('healed');
}

async function forget(simulation: StreamSimulation, reader: number): Promise<void> {
  simulation.note(`reader ${reader} goes away, and the log forgets what it has`);
  await simulation.endReader(reader);
  await pause(1000);
  if (!(await simulation.forget(reader, HEAL_MILLIS))) simulation.note('nothing is forgotten: the others did not catch up');
  simulation.startReader(reader);
}
