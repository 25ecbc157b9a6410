/**
 * Where floating parts (tooltips, menus) are put: the page, or the open sheet, since a modal dialog covers and silences
 * everything outside of it.
 */
import { createContext, useContext } from 'react';

export const LayerContext = createContext<HTMLElement | null>(null);

/** Container for a portal; undefined means the document's body. */
export function useLayer(): HTMLElement | undefined {
  return useContext(LayerContext) ?? undefined;
}
