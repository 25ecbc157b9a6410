import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Category, Description, DraftView } from '../../../src-node/api/contract/index.ts';
import { CATEGORY_ORDER } from '../../models/market.ts';
import { useDraftSteps } from '../../models/publish.ts';
import { Button } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Field } from '../../ui/field.tsx';
import { Select } from '../../ui/select.tsx';
import { TextArea } from '../../ui/text-area.tsx';
import { TextInput } from '../../ui/text-input.tsx';
import { ColumnList } from './column-list.tsx';
import { WizardFoot } from './wizard-foot.tsx';

// As the node takes them.
const MIN_TITLE = 3;
const MAX_TITLE = 120;
const MAX_SUMMARY = 300;
const MOST_TAGS = 12;
const LONGEST_TAG = 40;

export function DescribeStep({ draft, onBack, onNext }: { readonly draft: DraftView; readonly onBack: () => void; readonly onNext: () => void }) {
  const { t } = useTranslation(['publish', 'market']);
  const { describe } = useDraftSteps(draft.id);
  const [text, setText] = useState<Description>(draft.description ?? { title: '', titleZh: '', summary: '', description: '', category: 'other', tags: [], personalData: false, preview: true });
  const [tags, setTags] = useState(text.tags.join(', '));
  const set = (change: Partial<Description>): void => setText({ ...text, ...change });
  const tagList = tags.split(/[,，]/u).map((tag) => tag.trim()).filter((tag) => tag !== '');
  const badTags = tagList.length > MOST_TAGS ? t('field.tags_many', { count: MOST_TAGS }) : tagList.some((tag) => tag.length > LONGEST_TAG) ? t('field.tags_long', { count: LONGEST_TAG }) : undefined;
  const reason = text.title.trim().length < MIN_TITLE ? t('field.title_short') : badTags;
  const save = (): void => {
    if (reason === undefined) describe.mutate({ ...text, tags: tagList }, { onSuccess: onNext });
  };
  const columns = draft.profile?.columns ?? [];
  const used = (value: string, most: number) => <span className="c-3">{t('field.used', { used: value.length, most })}</span>;
  return (
    <form onSubmit={(event) => { event.preventDefault(); save(); }} className="publish__body">
      <div className={columns.length > 0 ? 'publish__split' : undefined}>
        <div className="publish__form">
          <Field label={t('field.title')} aside={used(text.title, MAX_TITLE)}><TextInput value={text.title} maxLength={MAX_TITLE} required onChange={(event) => set({ title: event.target.value })} /></Field>
          <Field label={t('field.title_zh')} aside={<span className="c-3">{t('field.optional')}</span>}><TextInput value={text.titleZh ?? ''} maxLength={MAX_TITLE} lang="zh" onChange={(event) => set({ titleZh: event.target.value })} /></Field>
          <Field label={t('field.summary')} aside={used(text.summary, MAX_SUMMARY)}><TextInput value={text.summary} maxLength={MAX_SUMMARY} onChange={(event) => set({ summary: event.target.value })} /></Field>
          <div className="publish__pair">
            <Select<Category> label={t('field.category')} value={text.category} onChange={(category) => set({ category })} options={CATEGORY_ORDER.map((value) => ({ value, label: t(`market:category.${value}`) }))} />
            <Field label={t('field.tags')} help={t('field.tags_help')} error={badTags}><TextInput value={tags} onChange={(event) => setTags(event.target.value)} /></Field>
          </div>
          <Field label={t('field.description')} help={t('field.description_help')}><TextArea rows={5} value={text.description} maxLength={20_000} onChange={(event) => set({ description: event.target.value })} /></Field>
          <Checkbox checked={text.personalData} onChange={(personalData) => set({ personalData })} help={t('field.personal_help')}>{t('field.personal')}</Checkbox>
          {!text.personalData && <Checkbox checked={text.preview} onChange={(preview) => set({ preview })} help={t('field.preview_help')}>{t('field.preview')}</Checkbox>}
          {describe.error !== null && <ErrorPanel error={describe.error} />}
        </div>
        {columns.length > 0 && <ColumnList columns={columns} />}
      </div>
      <WizardFoot hint={t('hint.describe')} onBack={onBack}><Button type="submit" variant="ink" size="large" busy={describe.isPending ? t('saving') : false} disabledReason={reason}>{t('next.storage')}</Button></WizardFoot>
    </form>
  );
}
