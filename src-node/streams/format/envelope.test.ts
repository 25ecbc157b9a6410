import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concat, type Bytes } from '../../base/bytes.ts';
import { eciesOpen } from '../../crypto/ecies.ts';
import { publicKeyOf } from '../../crypto/secp256k1.ts';
import { decodeEnvelope, encodeEnvelope, envelopeContext, openEnvelope, sealEnvelope, type EnvelopeContent } from './envelope.ts';
import { rangeNodes } from './ggm.ts';

const root = new Uint8Array(32).fill(0x33);
const subscriber = new Uint8Array(32).fill(5);
const streamId = new Uint8Array(32).fill(0x5d);
const contentOf = (from: number, to: number): EnvelopeContent => ({ streamId, generation: 1, from, to, nodes: rangeNodes(root, from, to).map((node) => ({ ...node, key: Uint8Array.from(node.key) })) });
const opener = (privateKey: Bytes, chainId = 337n, stream = streamId) => (sealed: Bytes): Promise<Bytes> => Promise.resolve(sealed).then((bytes) => eciesOpen(bytes, privateKey, envelopeContext(chainId, stream)));

describe('an envelope', () => {
  it('brings any span of keys to its subscriber', async () => {
    const span = fc.tuple(fc.nat(1_000_000), fc.nat(5_000));
    await fc.assert(fc.asyncProperty(span, async ([from, more]) => {
      const content = contentOf(from, from + more);
      expect(await openEnvelope(sealEnvelope(content, 337n, publicKeyOf(subscriber)), opener(subscriber))).toEqual(content);
    }), { numRuns: 20 });
  });

  it('opens for nobody else, for no other stream or chain, and not when a byte of it is another', async () => {
    const sealed = sealEnvelope(contentOf(3, 9), 337n, publicKeyOf(subscriber));
    const refused = expect.objectContaining({ code: 'BAD_SEALED' }) as Error;
    await expect(openEnvelope(sealed, opener(new Uint8Array(32).fill(6)))).rejects.toThrow(refused);
    await expect(openEnvelope(sealed, opener(subscriber, 41n))).rejects.toThrow(refused);
    await expect(openEnvelope(sealed, opener(subscriber, 337n, new Uint8Array(32)))).rejects.toThrow(refused);
    for (let at = 0; at < sealed.length; at++) {
      const changed = Uint8Array.from(sealed);
      changed[at]! ^= 1 + (at % 255);
      await expect(openEnvelope(changed, opener(subscriber)), `byte ${at}`).rejects.toThrow(refused);
    }
  });

  it('is sealed under a point of its own every time', () => {
    const seal = (): Bytes => sealEnvelope(contentOf(3, 9), 337n, publicKeyOf(subscriber)).slice(0, 64);
    expect(seal()).not.toEqual(seal());
  });

  it('holds exactly the nodes of its span', () => {
    const content = contentOf(3, 9);
    const whole = encodeEnvelope(content);
    expect(decodeEnvelope(whole)).toEqual(content);
    const odd = [
      encodeEnvelope({ ...content, nodes: content.nodes.slice(1) }), encodeEnvelope({ ...content, nodes: [...content.nodes].reverse() }), encodeEnvelope({ ...content, nodes: rangeNodes(root, 3, 10) }),
      encodeEnvelope({ ...content, nodes: [...content.nodes.slice(1), { depth: 0, prefix: 0, key: root }] }),
      encodeEnvelope({ ...content, from: 10 }), encodeEnvelope({ ...content, to: 2 ** 20 }), concat(whole, Uint8Array.of(0)), whole.subarray(1), whole.subarray(0, -1),
    ];
    for (const bytes of odd) expect(() => decodeEnvelope(bytes)).toThrow(expect.objectContaining({ code: 'BAD_ENVELOPE' }));
  });
});
