/** The listing as buyers will read it. */
import { useTranslation } from 'react-i18next';
import type { DraftView } from '../../../src-node/api/contract/index.ts';
import { bytes, duration, grouped, type Language } from '../../models/format.ts';
import { useMarketStatus } from '../../models/market.ts';
import { useLicences } from '../../models/publish.ts';
import { useAccountName } from '../../models/wallet.ts';
import { Address } from '../../ui/address.tsx';
import { Amount } from '../../ui/amount.tsx';
import { useLicenceWords } from '../../ui/licence-words.ts';
import { Tag } from '../../ui/tag.tsx';
import { DraftState } from './draft-state.tsx';

export function ListingDraft({ draft }: { readonly draft: DraftView }) {
  const { t, i18n } = useTranslation(['publish', 'market', 'licence']);
  const { titleOf } = useLicenceWords();
  const language: Language = i18n.language === 'zh' ? 'zh' : 'en';
  const clocks = useMarketStatus().data?.terms ?? null;
  const licences = useLicences().data ?? [];
  const nameOf = useAccountName();
  const { terms, description, profile, file, state } = draft;
  const licence = licences.find(({ id }) => id === terms?.licenceId);
  return (
    <section className="plate publish__listing" aria-label={t('review.listing')}>
      <header className="row apart row-top"><h2 className="t-title"><bdi>{description?.title ?? file.name}</bdi></h2>{terms !== null && <span className="t-title no-wrap"><Amount value={terms.price} unit /></span>}</header>
      <p className="t-small c-3 row wrap">
        {terms !== null && <Address address={terms.seller} name={nameOf(terms.seller)} />}
        <span>{bytes(file.bytes)}</span>
        {profile !== null && profile.columns.length > 0 && <span>{t('review.columns', { count: profile.columns.length })}</span>}
        {profile?.rows != null && <span>{t('market:rows', { count: profile.rows, rows: grouped(profile.rows) })}</span>}
      </p>
      {description !== null && description.summary !== '' && <p className="c-2"><bdi>{description.summary}</bdi></p>}
      {description !== null && description.tags.length > 0 && <div className="row wrap">{description.tags.map((tag) => <Tag key={tag}><bdi>{tag}</bdi></Tag>)}</div>}
      <dl className="publish__facts ruled">
        {description !== null && <div><dt>{t('field.category')}</dt><dd>{t(`market:category.${description.category}`)}</dd></div>}
        <div><dt>{t('review.places')}</dt><dd>{draft.places.filter(({ chosen }) => chosen).map(({ id }) => t(`place.${id}`)).join(t('licence:and')) || '–'}</dd></div>
        <div><dt>{t('licence:label')}</dt><dd>{licence === undefined ? '–' : titleOf(licence.id, licence.title)}</dd></div>
        {clocks !== null && <div><dt>{t('review.clocks')}</dt><dd>{t('review.clocks_text', { key: duration(clocks.keyMillis, language), check: duration(clocks.disputeMillis, language) })}</dd></div>}
        {description !== null && <div><dt>{t('preview')}</dt><dd>{t(description.personalData ? 'review.personal' : description.preview && profile?.preview != null ? 'review.preview_public' : 'review.preview_none')}</dd></div>}
        <div><dt>{t('review.state')}</dt><dd><DraftState state={state} /></dd></div>
      </dl>
    </section>
  );
}
