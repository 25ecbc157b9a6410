/** What the cluster and its client say, as errors of the log. */
import { CodedError, isCoded } from '../../../base/errors.ts';
import { tooLarge, unreachable, MAX_CALL_BYTES } from '../log-errors.ts';

/** What a client must do now: ask who leads the partition, connect anew, or only try again; `end` when that is of no use. */
export type NextStep = 'leader' | 'connect' | 'again' | 'end';

const OF_LEADER = new Set(['NOT_LEADER_FOR_PARTITION', 'LEADER_NOT_AVAILABLE', 'UNKNOWN_TOPIC_OR_PARTITION', 'FENCED_LEADER_EPOCH', 'UNKNOWN_LEADER_EPOCH', 'REPLICA_NOT_AVAILABLE', 'KAFKA_STORAGE_ERROR', 'NOT_CONTROLLER']);
/** The client takes these for final; they pass. */
const OF_MOMENT = new Set(['CORRUPT_MESSAGE', 'UNKNOWN']);
/** The cluster knows nothing (more) of this producer's number, or of what came before. */
const OF_PRODUCER = new Set(['OUT_OF_ORDER_SEQUENCE_NUMBER', 'DUPLICATE_SEQUENCE_NUMBER', 'INVALID_PRODUCER_EPOCH', 'UNKNOWN_PRODUCER_ID', 'INVALID_PRODUCER_ID_MAPPING']);
const OF_SIZE = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE']);
/** All other faults of the client come from connections, and go with them. */
const END_BY_NAME = new Set(['KafkaJSSASLAuthenticationError', 'KafkaJSServerDoesNotSupportApiKey', 'KafkaJSNotImplemented']);

/** The protocol's name of an error; that of the first when several topics were asked for. */
export function typeOf(error: unknown): string {
  if (error instanceof AggregateError || (error instanceof Error && 'errors' in error && Array.isArray(error.errors))) return typeOf((error as { readonly errors: readonly unknown[] }).errors[0]);
  return error instanceof Error && 'type' in error && typeof error.type === 'string' ? error.type : '';
}

/** Node's codes of what is wrong with a certificate, or with TLS itself. */
function isOfCertificate(error: unknown): boolean {
  if (error instanceof Error && error.name === 'KafkaJSNumberOfRetriesExceeded') return isOfCertificate(error.cause);
  return error instanceof Error && 'code' in error && /CERT|VERIFY|ERR_SSL|ERR_TLS/.test(String(error.code));
}

function isRetriable(error: unknown): boolean {
  return error instanceof Error && 'retriable' in error && error.retriable === true;
}

export function isOfProducer(error: unknown): boolean {
  return OF_PRODUCER.has(typeOf(error));
}

export function nextStep(error: unknown): NextStep {
  const type = typeOf(error);
  if (OF_LEADER.has(type)) return 'leader';
  if (OF_MOMENT.has(type) || OF_PRODUCER.has(type) || (type !== '' && isRetriable(error))) return 'again';
  if (isOfCertificate(error)) return 'end';
  return isCoded(error) || type !== '' || !(error instanceof Error) || END_BY_NAME.has(error.name) ? 'end' : 'connect';
}

/** @param need the right that the request wants, as Kafka names it */
export function kafkaFault(error: unknown, need: string, brokers: readonly string[]): CodedError {
  if (isCoded(error)) return error;
  const type = typeOf(error);
  const why = error instanceof Error ? error.message : String(error);
  if (error instanceof Error && error.name === 'KafkaJSSASLAuthenticationError') {
    return new CodedError('LOG_RIGHTS', 'The Kafka cluster does not know this name and password.', { help: 'Check name, password and mechanism in the settings.', meta: { need: 'a user of the cluster' }, cause: error });
  }
  if (type.endsWith('_AUTHORIZATION_FAILED')) {
    return new CodedError('LOG_RIGHTS', `The Kafka cluster does not let this user do what is needed: ${need}.`, { help: `Ask who runs the cluster for the right ${need}.`, meta: { need }, cause: error });
  }
  if (isOfCertificate(error)) return unreachable('The certificate of the Kafka cluster is not believed.', 'Give the certificate of who signed it in the settings.', error, { why });
  if (OF_SIZE.has(type)) return tooLarge(MAX_CALL_BYTES, MAX_CALL_BYTES);
  if (type === 'INVALID_REPLICATION_FACTOR') return unreachable('The Kafka cluster has too few brokers for the copies that are asked for.', 'Start more brokers, or ask for fewer copies in the settings.', error);
  return unreachable('The Kafka cluster cannot be reached.', 'Check that the brokers run, and their addresses in the settings.', error, { brokers: brokers.join(','), why });
}
