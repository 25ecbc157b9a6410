/** A file of the browser on its way to the node, in pieces that a broken connection does not lose. */
import { UploadError } from './upload-error.ts';
import { httpTransport, type UploadTransport } from './upload-transport.ts';

const PIECE_BYTES = 8 * 1024 * 1024;
const RETRIES = 5;
const FIRST_PAUSE_MILLIS = 500;
/** The node has another idea of how far the upload is: asked again, it says which. */
const OUT_OF_STEP = 'UPLOAD_RANGE';
/** A browser names a changed file and a forbidden one alike; one that could be read before was changed. */
const readBefore = new WeakSet<Blob>();

/** @throws UploadError by the cause: of the file and of the node at once, of the connection after several tries */
export async function uploadFile(uploadId: string, file: Blob, onProgress: (done: number) => void, transport: UploadTransport = httpTransport): Promise<void> {
  let failures = 0;
  let offset: number | null = null;
  for (;;) {
    try {
      offset ??= await transport.offset(uploadId);
      onProgress(offset);
      if (offset >= file.size) return;
      const piece = await readPiece(file, offset);
      offset = await transport.put(uploadId, piece, { first: offset, last: offset + piece.byteLength - 1, total: file.size });
      failures = 0;
    } catch (cause) {
      if (cause instanceof UploadError && cause.code !== OUT_OF_STEP) throw cause;
      failures += 1;
      if (failures > RETRIES) throw UploadError.of('CONNECTION_LOST', cause);
      offset = null; // the node knows how much of the piece it kept
      await transport.pause(FIRST_PAUSE_MILLIS * 2 ** (failures - 1));
    }
  }
}

async function readPiece(file: Blob, first: number): Promise<ArrayBuffer> {
  try {
    const piece = await file.slice(first, first + PIECE_BYTES).arrayBuffer();
    readBefore.add(file);
    return piece;
  } catch (cause) {
    throw UploadError.of(readBefore.has(file) ? 'FILE_CHANGED' : 'FILE_UNREADABLE', cause);
  }
}
