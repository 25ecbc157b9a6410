/** One record of a separated-values file (RFC 4180). */

/** The fields, or null while a quoted field is still open and the record goes on in the next line. */
export function parseCsvLine(line: string, separator: string): readonly string[] | null {
  const fields: string[] = [];
  let field = '';
  let quoted = false;
  for (let i = 0; i < line.length; i++) {
    const character = line.charAt(i);
    if (quoted) {
      if (character !== '"') field += character;
      else if (line.charAt(i + 1) === '"') {
        field += '"';
        i += 1;
      } else quoted = false;
    } else if (character === '"' && field === '') quoted = true;
    else if (character === separator) {
      fields.push(field);
      field = '';
    } else field += character;
  }
  if (quoted) return null;
  fields.push(field);
  return fields;
}
