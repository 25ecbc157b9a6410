/** A stream before its signature: what it is, its columns, its price, its keys, where it goes. */
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Category, StreamPlanKind } from '../../../src-node/api/contract/index.ts';
import { CATEGORY_ORDER } from '../../models/market.ts';
import { useLicences } from '../../models/publish.ts';
import { usePublisherSteps } from '../../models/streams-desk.ts';
import { draftFaults, NEW_DRAFT, newStreamOf, type StreamDraft } from '../../models/streams-draft.ts';
import { defaultAccount, useWallet } from '../../models/wallet.ts';
import { AmountField } from '../../ui/amount-field.tsx';
import { Button } from '../../ui/button.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Field } from '../../ui/field.tsx';
import { useLicenceWords } from '../../ui/licence-words.ts';
import { PageHead } from '../../ui/page-head.tsx';
import { Pick } from '../../ui/pick.tsx';
import { Select } from '../../ui/select.tsx';
import { TextArea } from '../../ui/text-area.tsx';
import { TextInput } from '../../ui/text-input.tsx';
import { useSigning } from '../confirm/confirm-context.ts';
import { CheckpointChoice } from './checkpoint-choice.tsx';
import { ColumnFields } from './column-fields.tsx';
import { GatewayChoice } from './gateway-choice.tsx';
import { PromisePlate } from './promise-plate.tsx';
import './streams-desk.css';

/** Seconds. On a practice network an epoch can be short enough to watch a revocation act. */
const EPOCHS = [60, 600, 1800, 3600] as const;
const PRACTICE_EPOCHS = [10, ...EPOCHS] as const;
const AHEADS = [0, 1, 3, 6] as const;
const PEEKS = [10, 60, 1440] as const;

export function NewStreamPage() {
  const { t } = useTranslation(['stream-desk', 'market']);
  const navigate = useNavigate();
  const licenceWords = useLicenceWords();
  const signing = useSigning();
  const { create } = usePublisherSteps();
  const licences = useLicences().data ?? [];
  const wallet = useWallet().data;
  const [typed, setDraft] = useState<StreamDraft>(NEW_DRAFT);
  const draft: StreamDraft = { ...typed, owner: typed.owner ?? (wallet === undefined ? null : (defaultAccount(wallet)?.address ?? null)) };
  const set = (change: Partial<StreamDraft>): void => setDraft({ ...typed, ...change });
  const faults = draftFaults(draft);
  const go = (): void => {
    const stream = newStreamOf(draft);
    if (stream !== null) signing.propose(() => create(stream), { onSigned: () => void navigate({ to: '/desk/streams' }) });
  };
  const minutes = (value: number): string => (value < 60 ? t('new.minutes', { count: value }) : t('new.hours', { count: value / 60 }));
  return (
    <>
      <PageHead crumbs={<><Link to="/desk/streams">{t('title')}</Link><span aria-hidden>›</span></>} title={t('new.title')} lead={t('new.lead')} />
      <div className="new-stream">
        <form className="new-stream__form" onSubmit={(event) => event.preventDefault()}>
          <section className="streams-desk__form" aria-labelledby="what">
            <h2 id="what" className="t-h">{t('new.what')}</h2>
            <Field label={t('new.name')}><TextInput value={draft.title} maxLength={120} onChange={(event) => set({ title: event.target.value })} /></Field>
            <Field label={t('new.name_zh')} aside={<span className="c-3">{t('optional')}</span>}><TextInput lang="zh" value={draft.titleZh} maxLength={120} onChange={(event) => set({ titleZh: event.target.value })} /></Field>
            <Field label={t('new.summary')}><TextInput value={draft.summary} maxLength={300} onChange={(event) => set({ summary: event.target.value })} /></Field>
            <div className="streams-desk__pair">
              <Select<Category> label={t('new.category')} value={draft.category} onChange={(category) => set({ category })} options={CATEGORY_ORDER.map((value) => ({ value, label: t(`market:category.${value}`) }))} />
              <Field label={t('new.tags')} aside={<span className="c-3">{t('optional')}</span>} help={t('new.tags_help')}><TextInput value={draft.tags} maxLength={500} onChange={(event) => set({ tags: event.target.value })} /></Field>
            </div>
            <Field label={t('new.description')} aside={<span className="c-3">{t('optional')}</span>} help={t('new.description_help')}><TextArea rows={3} value={draft.description} maxLength={20_000} onChange={(event) => set({ description: event.target.value })} /></Field>
          </section>
          <section className="streams-desk__form" aria-labelledby="columns"><h2 id="columns" className="t-h">{t('new.columns')}</h2><p className="c-2">{t('new.columns_text')}</p><ColumnFields columns={draft.columns} onChange={(columns) => set({ columns })} /></section>
          <section className="streams-desk__form" aria-labelledby="price">
            <h2 id="price" className="t-h">{t('new.price')}</h2>
            <Pick<StreamPlanKind> inline label={t('new.plan')} value={draft.kind} onChange={(kind) => set({ kind })} options={(['metered', 'period'] as const).map((value) => ({ value, title: t(`new.plans.${value}`), children: t(`new.plan_text.${value}`) }))} />
            <AmountField key={draft.kind} look="normal" label={t(`new.price_of.${draft.kind}`)} help={t(`new.price_help.${draft.kind}`)} value={draft.price} onChange={(price) => set({ price })} />
            {licences.length > 0 && <Select label={t('new.licence')} value={draft.licenceId} onChange={(licenceId) => set({ licenceId })} options={licences.map(({ id, title }) => ({ value: id, label: licenceWords.titleOf(id, title) }))} />}
          </section>
          <section className="streams-desk__form" aria-labelledby="keys">
            <h2 id="keys" className="t-h">{t('new.keys')}</h2>
            <div className="streams-desk__pair">
              <Select label={t('new.epoch')} help={t('new.epoch_help')} value={String(draft.epochSeconds)} onChange={(value) => set({ epochSeconds: Number(value) })} options={(wallet?.faucet === true ? PRACTICE_EPOCHS : EPOCHS).map((value) => ({ value: String(value), label: value < 60 ? t('new.seconds', { count: value }) : minutes(value / 60) }))} />
              <Select label={t('new.ahead')} help={t('new.ahead_help')} value={String(draft.ahead)} onChange={(value) => set({ ahead: Number(value) })} options={AHEADS.map((value) => ({ value: String(value), label: t('new.epochs', { count: value }) }))} />
            </div>
            <Select label={t('new.peek')} help={t('new.peek_help')} value={String(draft.peekMinutes ?? 'none')} onChange={(value) => set({ peekMinutes: value === 'none' ? null : Number(value) })} options={[...PEEKS.map((value) => ({ value: String(value), label: t('new.peek_after', { time: minutes(value) }) })), { value: 'none', label: t('new.no_peek') }]} />
          </section>
          <section className="streams-desk__form" aria-labelledby="where">
            <h2 id="where" className="t-h">{t('new.gateways')}</h2>
            <p className="c-2">{t('new.gateways_text')}</p>
            <GatewayChoice chosen={draft.gateways} onChange={(gateways) => set({ gateways })} />
            <CheckpointChoice chosen={draft.checkpoints} onChange={(checkpoints) => set({ checkpoints })} />
          </section>
        </form>
        <PromisePlate draft={draft}>
          {wallet !== undefined && wallet.accounts.length > 1 && draft.owner !== null && <Select label={t('new.owner')} value={draft.owner} onChange={(owner) => set({ owner })} options={wallet.accounts.map(({ address, name }) => ({ value: address, label: name }))} />}
          <Button variant="ink" size="large" block busy={signing.pending ? t('running') : false} disabledReason={faults.length === 0 ? undefined : faults.map((fault) => t(`missing.${fault}`)).join(' ')} onClick={go}>{t('new.review')}</Button>
          <p className="t-small c-3">{faults[0] === undefined ? t('new.nothing_yet') : t(`missing.${faults[0]}`)}</p>
          {signing.error !== null && <ErrorPanel error={signing.error} />}
        </PromisePlate>
      </div>
    </>
  );
}
