/** Opens the sample wallet. */
export const SAMPLE_PASSWORD = 'correct horse battery';
