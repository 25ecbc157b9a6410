/** An address as a chip: picture, name of the book, outer digits. */
import { useTranslation } from 'react-i18next';
import { shortAddress } from '../format/address.ts';
import { CopyButton } from './copy-button.tsx';
import { Identicon } from './identicon.tsx';
import './address.css';

export interface AddressProps {
  /** Checksummed. */
  readonly address: string;
  readonly name?: string | null | undefined;
  readonly copy?: boolean;
  readonly icon?: boolean;
}

export function Address({ address, name, copy = false, icon = true }: AddressProps) {
  const { t } = useTranslation('ui');
  const { start, middle, end } = shortAddress(address);
  return (
    <span className="address">
      {icon && <Identicon address={address} size={18} />}
      {name && <bdi className="t-medium">{name}</bdi>}
      <span className="address__digits t-mono" title={address}><b>{start}</b>{middle}<b>{end}</b></span>
      {copy && <CopyButton text={address} label={t('copy_address')} />}
    </span>
  );
}
