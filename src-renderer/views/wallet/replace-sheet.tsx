/** At what price a transaction is replaced. The signature comes on the sheet that follows. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PendingMovement, ReplacementOffer } from '../../../src-node/api/contract/index.ts';
import { cpc, gwei, parseGwei } from '../../models/format.ts';
import { usePrepareReplacement, useReplacementOffer, type ReplacementWish } from '../../models/replacement.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Field } from '../../ui/field.tsx';
import { Note } from '../../ui/note.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Sheet } from '../../ui/sheet.tsx';
import { TextInput } from '../../ui/text-input.tsx';
import { useSigning } from '../confirm/confirm-context.ts';
import { usePendingTitle } from './pending-title.ts';

export interface ReplaceSheetProps {
  readonly wish: ReplacementWish;
  /** Undefined once a block has it. */
  readonly pending: PendingMovement | undefined;
  readonly onClose: () => void;
}

export function ReplaceSheet({ wish, pending, onClose }: ReplaceSheetProps) {
  const { t } = useTranslation(['wallet', 'sheet']);
  const offer = useReplacementOffer(wish);
  return (
    <Sheet open onClose={onClose} title={t(`sheet:kind.${wish.purpose}.title`)}>
      <Panel plain query={offer} rows={3}>{(data) => <ReplaceForm wish={wish} pending={pending} offer={data} onClose={onClose} />}</Panel>
    </Sheet>
  );
}

function ReplaceForm({ wish, pending, offer, onClose }: ReplaceSheetProps & { readonly offer: ReplacementOffer }) {
  const { t } = useTranslation(['wallet', 'sheet']);
  const signing = useSigning();
  const title = usePendingTitle();
  const prepare = usePrepareReplacement();
  const [text, setText] = useState(gwei(offer.gasPrice));
  const price = parseGwei(text);
  const error = price === null ? t('replace.unreadable') : price < offer.leastPrice ? t('replace.too_low', { price: gwei(offer.leastPrice) }) : undefined;
  const review = (): void => {
    if (price === null) return;
    signing.propose(async () => {
      const proposal = await prepare({ ...wish, gasPrice: price });
      onClose();
      return proposal;
    });
  };
  return (
    <form className="send-form" onSubmit={(event) => { event.preventDefault(); if (error === undefined) review(); }}>
      {pending !== undefined && (
        <dl className="plate ruled">
          <div className="proposal__line"><dt className="c-3">{t('replace.what')}</dt><dd className="t-medium"><bdi>{title(pending)}</bdi></dd></div>
          {pending.amount !== 0n && <div className="proposal__line"><dt className="c-3">{t('replace.amount')}</dt><dd className="t-medium">{cpc(-pending.amount, { unit: true })}</dd></div>}
          <div className="proposal__line"><dt className="c-3">{t('replace.now')}</dt><dd className="t-medium">{t('pending.line', { fee: cpc(pending.feeAtMost, { unit: true }), price: gwei(pending.gasPrice) })}</dd></div>
        </dl>
      )}
      <Field label={t('replace.price')} unit="gwei" error={error} help={t('replace.price_help', { price: gwei(offer.leastPrice) })}>
        <TextInput inputMode="decimal" value={text} onChange={(event) => setText(event.target.value)} />
      </Field>
      <dl className="plate ruled">
        <div className="proposal__line"><dt className="c-3">{t('replace.fee')}</dt><dd className="t-h">{price === null ? '–' : cpc(BigInt(offer.gasLimit) * price, { unit: true })}</dd></div>
      </dl>
      <Note>{t(`replace.${offer.purpose}`)}</Note>
      {signing.error !== null && <ErrorPanel error={signing.error} />}
      <div className="send-form__foot">
        <Button size="large" onClick={onClose}>{t('replace.keep')}</Button>
        <Button type="submit" variant="ink" size="large" busy={signing.pending ? t('send_sheet.busy') : false} disabledReason={error}>{t('send_sheet.review')}</Button>
      </div>
    </form>
  );
}
