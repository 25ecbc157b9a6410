/** The title of a listing in the reader's language, where the seller gave one in it. */
import { useTranslation } from 'react-i18next';
import type { ListingCard } from '../../src-node/api/contract/index.ts';

export function useTitle(): (listing: Pick<ListingCard, 'title' | 'titleZh'>) => string | null {
  const { i18n } = useTranslation('ui');
  return ({ title, titleZh }) => (i18n.language === 'zh' ? (titleZh ?? title) : title);
}
