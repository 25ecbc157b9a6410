/** A file of the browser on its way to the node, in pieces that a broken connection does not lose. */
const PIECE_BYTES = 8 * 1024 * 1024;
const RETRIES = 5;
const FIRST_PAUSE_MILLIS = 500;

export interface UploadTransport {
  /** Bytes that have arrived. */
  readonly offset: (uploadId: string) => Promise<number>;
  /** @returns the new offset; rejects when the piece was not taken */
  readonly put: (uploadId: string, piece: Blob, first: number, total: number) => Promise<number>;
  readonly pause: (millis: number) => Promise<void>;
}

const http: UploadTransport = {
  offset: async (uploadId) => offsetIn(await fetch(`/files/${uploadId}`, { method: 'HEAD' })),
  put: async (uploadId, piece, first, total) =>
    offsetIn(await fetch(`/files/${uploadId}`, { method: 'PUT', body: piece, headers: { 'Content-Range': `bytes ${first}-${first + piece.size - 1}/${total}` } })),
  pause: (millis) => new Promise((resolve) => setTimeout(resolve, millis)),
};

function offsetIn(response: Response): number {
  const offset = response.headers.get('Upload-Offset');
  if (!response.ok || offset === null) throw new UploadStoppedError(response.status);
  return Number(offset);
}

/** Shown like the node's coded errors. */
export class UploadStoppedError extends Error {
  override readonly name = 'UploadStoppedError';
  readonly code = 'UPLOAD_STOPPED';
  readonly help = 'What has arrived is kept. Try again to go on from there.';

  constructor(cause: unknown) {
    super('The file did not reach the program.', { cause });
  }
}

/** @throws UploadStoppedError when the node takes no more after several tries */
export async function uploadFile(uploadId: string, file: Blob, onProgress: (done: number) => void, transport: UploadTransport = http): Promise<void> {
  let failures = 0;
  let offset: number | null = null;
  for (;;) {
    try {
      offset ??= await transport.offset(uploadId);
      onProgress(offset);
      if (offset >= file.size) return;
      offset = await transport.put(uploadId, file.slice(offset, offset + PIECE_BYTES), offset, file.size);
      failures = 0;
    } catch (cause) {
      failures += 1;
      if (failures > RETRIES) throw new UploadStoppedError(cause);
      offset = null; // the node knows how much of the piece it kept
      await transport.pause(FIRST_PAUSE_MILLIS * 2 ** (failures - 1));
    }
  }
}
