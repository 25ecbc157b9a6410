/** The headless shell's byte route, as an upload uses it. */
import { errorFacts } from '../format/error.ts';
import { UploadError } from './upload-error.ts';

export interface UploadTransport {
  /** Bytes that have arrived. @throws UploadError, or what the network throws */
  readonly offset: (uploadId: string) => Promise<number>;
  /** @returns the new offset. @throws UploadError with the node's code, or what the network throws */
  readonly put: (uploadId: string, piece: BodyInit, range: { readonly first: number; readonly last: number; readonly total: number }) => Promise<number>;
  readonly pause: (millis: number) => Promise<void>;
}

export const httpTransport: UploadTransport = {
  offset: async (uploadId) => offsetIn(await fetch(`/files/${uploadId}`, { method: 'HEAD' })),
  put: async (uploadId, body, { first, last, total }) => offsetIn(await fetch(`/files/${uploadId}`, { method: 'PUT', body, headers: { 'Content-Range': `bytes ${first}-${last}/${total}` } })),
  pause: (millis) => new Promise((resolve) => setTimeout(resolve, millis)),
};

/** The new offset that an answer names. @throws UploadError with the code in its body */
export async function offsetIn(response: Response): Promise<number> {
  if (response.status === 401) throw UploadError.of('SESSION_ENDED');
  const offset = response.headers.get('Upload-Offset');
  if (response.ok && offset !== null) return Number(offset);
  const facts = errorFacts(await response.json().catch(() => null));
  // An answer to HEAD has no body; of those only an unknown upload is to be expected.
  const code = facts.code !== 'UNKNOWN' ? facts.code : response.status === 404 ? 'UPLOAD_UNKNOWN' : 'UPLOAD_REFUSED';
  throw new UploadError({ code, message: facts.message === '' || facts.message === 'null' ? `The program refused the file (${response.status}).` : facts.message, help: facts.help ?? 'Choose the file again.', meta: { status: response.status, ...facts.meta } });
}
