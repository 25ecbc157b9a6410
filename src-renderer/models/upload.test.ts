import { describe, expect, it } from 'vitest';
import { errorFacts } from '../format/error.ts';
import { uploadFile, UploadStoppedError, type UploadTransport } from './upload.ts';

const file = new Blob([new Uint8Array(20_000_000).fill(7)]);

interface SampleNode extends UploadTransport {
  readonly received: () => number;
  readonly pauses: readonly number[];
}

/** Takes pieces in order; in the calls whose number is in `failing` the connection breaks after `kept` bytes. */
function node(failing: (call: number) => boolean, start = 0, kept = 0): SampleNode {
  let arrived = start;
  let calls = 0;
  const pauses: number[] = [];
  return {
    pauses,
    received: () => arrived,
    offset: () => Promise.resolve(arrived),
    put: (_id, piece, first) => {
      calls += 1;
      if (first !== arrived) return Promise.reject(new RangeError('does not continue'));
      arrived += failing(calls) ? kept : piece.size;
      return failing(calls) ? Promise.reject(new TypeError('network')) : Promise.resolve(arrived);
    },
    pause: (millis) => {
      pauses.push(millis);
      return Promise.resolve();
    },
  };
}

describe('an upload', () => {
  it('arrives whole, over a broken connection, from where it stood', async () => {
    const transport = node((call) => call === 2 || call === 3, 1000, 500);
    const shown: number[] = [];
    await uploadFile('id', file, (done) => shown.push(done), transport);
    expect(transport.received()).toBe(file.size);
    expect(shown[0]).toBe(1000);
    expect(shown.at(-1)).toBe(file.size);
    expect(shown).toEqual(shown.toSorted((a, b) => a - b));
  });

  it('sends nothing when all of it is there', async () => {
    const transport = node(() => true, file.size);
    await uploadFile('id', file, () => undefined, transport);
    expect(transport.pauses).toEqual([]);
  });

  it('waits longer after each failure and begins anew with a success', async () => {
    const transport = node((call) => call === 1 || call === 2 || call === 4);
    await uploadFile('id', file, () => undefined, transport);
    expect(transport.pauses).toEqual([500, 1000, 500]);
  });

  it('gives up with a code and a next step when nothing is taken', async () => {
    const error: unknown = await uploadFile('id', file, () => undefined, node(() => true)).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UploadStoppedError);
    expect(errorFacts(error)).toMatchObject({ code: 'UPLOAD_STOPPED', help: expect.stringContaining('Try again') as string });
  });

  it('goes on later with what had arrived', async () => {
    let broken = true;
    const transport = node((call) => broken && call > 1);
    await expect(uploadFile('id', file, () => undefined, transport)).rejects.toBeInstanceOf(UploadStoppedError);
    const before = transport.received();
    expect(before).toBeGreaterThan(0);
    broken = false;
    const shown: number[] = [];
    await uploadFile('id', file, (done) => shown.push(done), transport);
    expect(shown[0]).toBe(before);
    expect(transport.received()).toBe(file.size);
  });
});
