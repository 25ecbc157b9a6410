/** One value of a proposal. Addresses stand in full: this is where people compare them. */
import { useTranslation } from 'react-i18next';
import type { SheetField } from '../../../src-node/api/contract/index.ts';
import { addressGroups, duration, grouped, shortHash } from '../../models/format.ts';
import { useAccountName } from '../../models/wallet.ts';
import { Amount } from '../../ui/amount.tsx';
import { Identicon } from '../../ui/identicon.tsx';
import { useLicenceWords } from '../../ui/licence-words.ts';

export function SheetFieldValue({ value }: { readonly value: SheetField['value'] }) {
  const { i18n } = useTranslation('sheet');
  const { titleOf } = useLicenceWords();
  const nameOf = useAccountName();
  switch (value.kind) {
    case 'address': {
      const name = value.name ?? nameOf(value.address);
      return (
        <span className="proposal__address">
          {name !== null && <span className="row"><Identicon address={value.address} size={18} /><bdi>{name}</bdi></span>}
          <span className="t-mono c-2">{addressGroups(value.address)}</span>
        </span>
      );
    }
    case 'amount': return <Amount value={value.amount} unit />;
    case 'text': return <bdi>{value.text}</bdi>;
    case 'licence': return <>{titleOf(value.id, value.id)}</>;
    case 'hash': return <span className="t-mono" title={value.hash}>{shortHash(value.hash)}</span>;
    case 'duration': return <>{duration(value.millis, i18n.language === 'zh' ? 'zh' : 'en')}</>;
    case 'count': return <>{grouped(value.count)}</>;
  }
}
