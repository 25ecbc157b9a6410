/** The program's log: pino to a file, and the newest lines in memory for the node page. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pino, type Logger as Pino } from 'pino';
import type { Diagnostics } from './api/contract/app.ts';
import { isCoded } from './base/errors.ts';
import type { LogContext, Logger, LogLevel } from './base/logger.ts';

const KEPT_LINES = 200;
const MAX_WAITING_BYTES = 1024 * 1024;

export interface NodeLog extends Logger {
  recent(): Diagnostics['log'];
}

export function openNodeLog(dataDir: string, level: LogLevel): NodeLog {
  mkdirSync(join(dataDir, 'logs'), { recursive: true, mode: 0o700 });
  const file = pino.destination({ dest: join(dataDir, 'logs', 'node.log'), sync: false, mode: 0o600, maxLength: MAX_WAITING_BYTES });
  // A full disk takes no lines and must not end the program: they wait for a later write, and beyond the limit are dropped.
  file.on('error', () => undefined);
  const sink = pino({ level }, file);
  const lines: Diagnostics['log'][number][] = [];
  const loggerFor = (child: Pino, module: string): Logger => {
    const write = (lineLevel: LogLevel, message: string, context: LogContext = {}, error?: unknown): void => {
      const reason = error === undefined ? {} : isCoded(error) ? { code: error.code, reason: error.message } : { reason: error instanceof Error ? (error.stack ?? error.message) : 'unknown' };
      child[lineLevel]({ ...printable(context), ...reason }, message);
      if (lineLevel === 'debug') return;
      lines.push({ at: Date.now(), level: lineLevel, module, message: 'reason' in reason ? `${message}: ${reason.reason.split('\n')[0] ?? ''}` : message });
      if (lines.length > KEPT_LINES) lines.shift();
    };
    return {
      debug: (message, context) => write('debug', message, context),
      info: (message, context) => write('info', message, context),
      warn: (message, context) => write('warn', message, context),
      error: (message, context, error) => write('error', message, context, error),
      child: (name) => loggerFor(child.child({ module: name }), name),
    };
  };
  return { ...loggerFor(sink, 'node'), recent: () => [...lines] };
}

function printable(context: LogContext): Record<string, unknown> {
  return Object.fromEntries(Object.entries(context).map(([key, value]) => [key, typeof value === 'bigint' ? value.toString() : value]));
}
