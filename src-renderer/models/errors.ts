/** Reading of what the node refused, from one place. */
export { errorCode, errorFacts, type ErrorFacts } from '../format/error.ts';
