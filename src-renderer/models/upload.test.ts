import { describe, expect, it } from 'vitest';
import { errorFacts } from '../format/error.ts';
import { uploadFile } from './upload.ts';
import { UploadError } from './upload-error.ts';
import { offsetIn, type UploadTransport } from './upload-transport.ts';

const file = new Blob([new Uint8Array(20_000_000).fill(7)]);

interface SampleNode extends UploadTransport {
  readonly received: () => number;
  readonly pauses: readonly number[];
}

/** Takes pieces in order; in the calls whose number is in `failing` the connection breaks after `kept` bytes. */
function node(failing: (call: number) => boolean, start = 0, kept = 0, fault: Error = new TypeError('network')): SampleNode {
  let arrived = start;
  let calls = 0;
  const pauses: number[] = [];
  return {
    pauses,
    received: () => arrived,
    offset: () => Promise.resolve(arrived),
    put: (_id, _piece, { first, last }) => {
      calls += 1;
      if (first !== arrived) return Promise.reject(new RangeError('does not continue'));
      arrived += failing(calls) ? kept : last - first + 1;
      return failing(calls) ? Promise.reject(fault) : Promise.resolve(arrived);
    },
    pause: (millis) => {
      pauses.push(millis);
      return Promise.resolve();
    },
  };
}

/** A file that the browser can read for the first `readable` times. */
function fading(readable: number): Blob {
  let reads = 0;
  const blob = new Blob([new Uint8Array(20_000_000)]);
  return Object.assign(blob, {
    slice: (first: number, end: number) => {
      reads += 1;
      const piece = Blob.prototype.slice.call(blob, first, end);
      return reads <= readable ? piece : Object.assign(piece, { arrayBuffer: () => Promise.reject(new DOMException('The requested file could not be read.', 'NotReadableError')) });
    },
  });
}

const ending = (upload: Promise<void>): Promise<unknown> => upload.then(() => 'arrived', errorFacts);
const send = (blob: Blob, transport: UploadTransport, shown: number[] = []): Promise<void> => uploadFile('id', blob, (done) => shown.push(done), transport);

describe('an upload', () => {
  it('arrives whole, over a broken connection, from where it stood', async () => {
    const transport = node((call) => call === 2 || call === 3, 1000, 500);
    const shown: number[] = [];
    await send(file, transport, shown);
    expect(transport.received()).toBe(file.size);
    expect(shown[0]).toBe(1000);
    expect(shown.at(-1)).toBe(file.size);
    expect(shown).toEqual(shown.toSorted((a, b) => a - b));
  });

  it('sends nothing when all of it is there', async () => {
    const transport = node(() => true, file.size);
    await send(file, transport);
    expect(transport.pauses).toEqual([]);
  });

  it('waits longer after each failure and begins anew with a success', async () => {
    const transport = node((call) => call === 1 || call === 2 || call === 4);
    await send(file, transport);
    expect(transport.pauses).toEqual([500, 1000, 500]);
  });

  it('asks for the offset again when the node is out of step with it', async () => {
    const transport = node((call) => call === 2, 0, 0, new UploadError({ code: 'UPLOAD_RANGE', message: '', help: '' }));
    await send(file, transport);
    expect([transport.received(), transport.pauses]).toEqual([file.size, [500]]);
  });

  it('goes on later, also after the page was loaded again, with what had arrived', async () => {
    let broken = true;
    const transport = node((call) => broken && call > 1);
    await expect(send(file, transport)).rejects.toBeInstanceOf(UploadError);
    const before = transport.received();
    expect(before).toBeGreaterThan(0);
    broken = false;
    const shown: number[] = [];
    await send(new Blob([file]), transport, shown); // the same file, chosen again
    expect(shown[0]).toBe(before);
    expect(transport.received()).toBe(file.size);
  });
});

describe('an upload that fails says why', () => {
  it('the connection: after several tries, with a next step', async () => {
    const transport = node(() => true);
    expect(await ending(send(file, transport))).toMatchObject({ code: 'CONNECTION_LOST', help: expect.stringContaining('Try again') as string });
    expect(transport.pauses).toHaveLength(5);
  });

  it.each(['DISK_FULL', 'FILE_TOO_LARGE', 'UPLOAD_UNKNOWN', 'NO_PERMISSION'])('the node: %s, in its words and without another try', async (code) => {
    const transport = node((call) => call === 2, 0, 0, new UploadError({ code, message: 'What happened.', help: 'What to do.' }));
    expect(await ending(send(file, transport))).toMatchObject({ code, message: 'What happened.', help: 'What to do.' });
    expect(transport.pauses).toEqual([]);
  });

  it('the file: changed while it was being sent', async () => {
    expect(await ending(send(fading(1), node(() => false)))).toMatchObject({ code: 'FILE_CHANGED', help: expect.stringContaining('Choose it again') as string });
  });

  it('the file: changed before it was tried again', async () => {
    const blob = fading(1);
    await ending(send(blob, node(() => true)));
    expect(await ending(send(blob, node(() => false)))).toMatchObject({ code: 'FILE_CHANGED' });
  });

  it('the file: cannot be read at all', async () => {
    expect(await ending(send(fading(0), node(() => false)))).toMatchObject({ code: 'FILE_UNREADABLE' });
  });
});

describe('an answer of the byte route', () => {
  it('is the new offset', async () => {
    expect(await offsetIn(new Response(null, { status: 204, headers: { 'Upload-Offset': '4096' } }))).toBe(4096);
  });

  it.each([
    ['the session has ended', new Response(null, { status: 401 }), 'SESSION_ENDED'],
    ['the node names the fault', Response.json({ code: 'DISK_FULL', message: 'Full.', help: 'Free some.' }, { status: 507 }), 'DISK_FULL'],
    ['a HEAD of something unknown', new Response(null, { status: 404 }), 'UPLOAD_UNKNOWN'],
    ['a proxy answers in its own words', new Response('<html>', { status: 502 }), 'UPLOAD_REFUSED'],
    ['an answer without an offset', new Response(null, { status: 204 }), 'UPLOAD_REFUSED'],
  ])('is refused by name when %s', async (_case, response, code) => {
    const facts = await offsetIn(response).then(() => null, errorFacts);
    expect(facts).toMatchObject({ code });
    expect([facts?.message, facts?.help].every((text) => text !== undefined && text !== null && text !== '' && text !== 'null')).toBe(true);
  });
});
