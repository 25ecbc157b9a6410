import { CodedError } from '../../base/errors.ts';

/** Characters of an answer: it is held in memory. */
const LONGEST = 64 * 1024 * 1024;

/** Ends what makes too long an answer: to be told of what is added to it. @param help how to ask for less */
export function sizeLimit(help: string): (characters: number) => void {
  let length = 0;
  return (characters) => {
    length += characters;
    if (length > LONGEST) throw new CodedError('ANSWER_TOO_LONG', `the answer is too long: ${help}`, { help: 'Ask for less in one call.' });
  };
}
