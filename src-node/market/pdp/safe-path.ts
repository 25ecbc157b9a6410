/** Paths inside a package are hostile: they come from the seller. */
const RESERVED = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?$/i;
/** Control and direction-changing characters, and what Windows refuses. */
const FORBIDDEN = /[<>:"|?*\\\p{Cc}\u202a-\u202e\u2066-\u2069]/u;

/** A relative path of plain names with "/", valid on every system, that cannot leave its folder. */
export function isSafePath(path: string): boolean {
  return path.length > 0 && !FORBIDDEN.test(path) && path.split('/').every((name) => name !== '' && name !== '.' && name !== '..' && !/[ .]$/.test(name) && !RESERVED.test(name) && Buffer.byteLength(name) <= 255);
}

/** The nearest safe file name, for one chosen by the user's system. */
export function safeName(name: string): string {
  const base = name.split(/[\\/]/).at(-1) ?? '';
  const cleaned = base.replace(new RegExp(FORBIDDEN, 'gu'), '_').replace(/[ .]+$/, '');
  return isSafePath(cleaned) ? cleaned : `data-${cleaned.replace(/[^\w.-]/g, '') || 'file'}`;
}
