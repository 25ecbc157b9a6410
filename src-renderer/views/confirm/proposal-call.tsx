/** One call: contract and method, known or not, and its fee. */
import { useTranslation } from 'react-i18next';
import type { Proposal, ProposedCall } from '../../../src-node/api/contract/index.ts';
import { cpc, grouped, gwei } from '../../models/format.ts';
import { Address } from '../../ui/address.tsx';
import { Note } from '../../ui/note.tsx';
import { isUnreadable } from './proposal-risk.ts';

const SHOWN_DATA = 400;

export function ProposalCall({ call, kind }: { readonly call: ProposedCall; readonly kind: Proposal['kind'] }) {
  const { t } = useTranslation('sheet');
  const what = call.to === null ? t('call.deploy') : call.dataHex === '0x' ? t('call.plain') : call.method !== null ? t('call.method', { method: call.method, contract: call.contract ?? t('call.unnamed') }) : t('call.unknown');
  return (
    <div className="proposal__call">
      <div className="row apart"><span className="t-medium">{what}</span>{call.to !== null && <Address address={call.to} name={call.contract} icon={false} />}</div>
      <div className="row apart t-small c-3">
        <span>{t('call.fee')}</span>
        <span>{t('call.fee_text', { fee: cpc(BigInt(call.gasLimit) * call.gasPrice, { unit: true }), gas: grouped(call.gasLimit), price: gwei(call.gasPrice) })}</span>
      </div>
      {call.arguments.length > 0 && kind === 'program' && (
        <dl className="proposal__arguments t-small">
          {call.arguments.map(({ name, value }, index) => <div key={index}><dt className="c-3">{name}</dt><dd className="t-mono"><bdi>{value}</bdi></dd></div>)}
        </dl>
      )}
      {isUnreadable(call, kind) && (
        <Note tone="warn"><b>{t('call.unknown_title')}</b> {t(call.to === null ? 'call.unknown_code' : 'call.unknown_text')}<div className="proposal__data">{t('call.length', { bytes: grouped(call.dataHex.length / 2 - 1) })}</div><div className="t-mono proposal__data">{call.dataHex.slice(0, SHOWN_DATA)}{call.dataHex.length > SHOWN_DATA ? '…' : ''}</div></Note>
      )}
    </div>
  );
}
