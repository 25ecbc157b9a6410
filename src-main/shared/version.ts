/** Version of the program, from its package. */
import pkg from '../../package.json' with { type: 'json' };

export const VERSION: string = pkg.version;
