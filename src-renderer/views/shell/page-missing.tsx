/** An address that leads nowhere. */
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Empty } from '../../ui/empty.tsx';

export function PageMissing() {
  const { t } = useTranslation('shell');
  return <Empty title={<h1>{t('missing.title')}</h1>} action={<Link to="/">{t('missing.home')}</Link>}>{t('missing.text')}</Empty>;
}
