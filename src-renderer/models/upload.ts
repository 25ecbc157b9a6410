/** A file of the browser on its way to the node, in pieces that a broken connection does not lose. */
const PIECE_BYTES = 8 * 1024 * 1024;
const RETRIES = 5;

export interface UploadTransport {
  /** Bytes that have arrived. */
  readonly offset: (uploadId: string) => Promise<number>;
  /** @returns the new offset, or null when the piece has to be sent again from where `offset` says */
  readonly put: (uploadId: string, piece: Blob, first: number, total: number) => Promise<number | null>;
}

const http: UploadTransport = {
  offset: async (uploadId) => Number((await fetch(`/files/${uploadId}`, { method: 'HEAD' })).headers.get('Upload-Offset') ?? 0),
  put: async (uploadId, piece, first, total) => {
    const response = await fetch(`/files/${uploadId}`, { method: 'PUT', body: piece, headers: { 'Content-Range': `bytes ${first}-${first + piece.size - 1}/${total}` } });
    return response.ok ? Number(response.headers.get('Upload-Offset')) : null;
  },
};

export class UploadStoppedError extends Error {
  override readonly name = 'UploadStoppedError';
}

/** @throws UploadStoppedError when the node takes no more after several tries */
export async function uploadFile(uploadId: string, file: Blob, onProgress: (done: number) => void, transport: UploadTransport = http): Promise<void> {
  let failures = 0;
  for (let offset = await transport.offset(uploadId); offset < file.size; ) {
    const next = await transport.put(uploadId, file.slice(offset, offset + PIECE_BYTES), offset, file.size).catch(() => null);
    if (next === null) {
      failures += 1;
      if (failures > RETRIES) throw new UploadStoppedError('The upload stopped. What has arrived is kept; choose the file again to go on.');
      offset = await transport.offset(uploadId).catch(() => offset);
      continue;
    }
    failures = 0;
    offset = next;
    onProgress(offset);
  }
}
