/** Apache Kafka's broker, brought once by the machine's Maven into a folder of the project's caches; it needs Java 17. */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CodedError } from '../base/errors.ts';

export const KAFKA_VERSION = '4.3.1';
/** Without it a broker logs nothing. */
const LOG4J_VERSION = '2.25.4';
const JAVA = 17;
const DOWNLOAD_MILLIS = 300_000;
/** Where scripts keep what they brought (scripts/lib/toolchain.mjs `cacheFolder`). */
export const KAFKA_CACHE = fileURLToPath(new URL('../../.cache/kafka/', import.meta.url));

const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>local</groupId><artifactId>kafka</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>${KAFKA_VERSION}</version></dependency>
    <dependency><groupId>org.apache.logging.log4j</groupId><artifactId>log4j-slf4j-impl</artifactId><version>${LOG4J_VERSION}</version></dependency>
  </dependencies>
</project>
`;

/** @returns the class path of the broker. @throws KAFKA_IMPOSSIBLE, saying what is missing */
export async function kafkaClassPath(): Promise<string> {
  await needJava();
  const folder = join(KAFKA_CACHE, `jars-${KAFKA_VERSION}`);
  if (!existsSync(folder)) await download(folder);
  return join(folder, '*');
}

async function needJava(): Promise<void> {
  const { output } = await run('java', ['-version'], 30_000).catch(() => ({ output: '' }));
  const version = Number(/version "(\d+)/.exec(output)?.[1] ?? 0);
  if (version < JAVA) throw impossible(version === 0 ? 'there is no Java' : `Java is ${version}, and Kafka needs ${JAVA}`);
}

/** Into a folder beside it, and moved when all is there: two at once do no harm. */
async function download(folder: string): Promise<void> {
  const work = join(KAFKA_CACHE, `download-${process.pid}`);
  await mkdir(work, { recursive: true });
  try {
    await writeFile(join(work, 'pom.xml'), POM);
    const args = ['-q', '-B', '-f', join(work, 'pom.xml'), 'dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${join(work, 'jars')}`];
    const { code, output } = await run('mvn', args, DOWNLOAD_MILLIS).catch(() => {
      throw impossible('there is no Maven');
    });
    if (code !== 0 || readdirSync(join(work, 'jars')).length === 0) throw impossible(`Maven could not bring Kafka ${KAFKA_VERSION}: ${output.trim().split('\n').at(-1) ?? ''}`);
    await rename(join(work, 'jars'), folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

function impossible(why: string): CodedError {
  return new CodedError('KAFKA_IMPOSSIBLE', `No Kafka can be started here: ${why}.`, { help: 'Install Java 17 and Maven, or set KAFKA_BROKERS to the brokers of a cluster.' });
}

function run(command: string, args: readonly string[], timeout: number): Promise<{ readonly code: number | null; readonly output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout });
    let output = '';
    const read = (data: Buffer): void => void (output += data.toString('utf8'));
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output }));
  });
}
