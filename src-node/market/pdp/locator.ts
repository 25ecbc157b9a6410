/** Where an object lies (docs/protocol/11 §4.14). Never holds a secret. */
import { z } from 'zod';

export const locatorSchema = z.discriminatedUnion('scheme', [
  z.object({ otp: z.literal(1), scheme: z.literal('ipfs'), where: z.object({ cid: z.string().min(8).max(100).regex(/^[a-zA-Z0-9]+$/) }), access: z.literal('public') }),
  /** Only the machine that packed it can serve it. */
  z.object({ otp: z.literal(1), scheme: z.literal('folder'), where: z.object({ object: z.string().regex(/^[0-9a-f]{64}$/) }), access: z.literal('public') }),
]);
export type Locator = z.infer<typeof locatorSchema>;
export type LocatorScheme = Locator['scheme'];

/** Whether a place of this kind answers while the seller's computer is off. The program's own IPFS node runs on it. */
const IS_OUTSIDE: Readonly<Record<LocatorScheme, boolean>> = { folder: false, ipfs: false };

export function isOutside(scheme: LocatorScheme): boolean {
  return IS_OUTSIDE[scheme];
}
