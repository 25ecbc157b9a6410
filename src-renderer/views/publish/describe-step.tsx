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

// As the node takes them.
const MIN_TITLE = 3;
const MOST_TAGS = 12;
const LONGEST_TAG = 40;

export function DescribeStep({ draft, onNext }: { readonly draft: DraftView; readonly onNext: () => void }) {
  const { t } = useTranslation(['publish', 'market']);
  const { describe } = useDraftSteps(draft.id);
  const [text, setText] = useState<Description>(draft.description ?? { title: '', titleZh: '', summary: '', description: '', category: 'other', tags: [], personalData: false, preview: true });
  const [tags, setTags] = useState(text.tags.join(', '));
  const set = (change: Partial<Description>): void => setText({ ...text, ...change });
  const tagList = tags.split(/[,，]/u).map((tag) => tag.trim()).filter((tag) => tag !== '');
  const badTags = tagList.length > MOST_TAGS ? t('field.tags_many', { count: MOST_TAGS }) : tagList.some((tag) => tag.length > LONGEST_TAG) ? t('field.tags_long', { count: LONGEST_TAG }) : undefined;
  const save = (): void => {
    if (badTags === undefined) describe.mutate({ ...text, tags: tagList }, { onSuccess: onNext });
  };
  return (
    <form className="publish__form" onSubmit={(event) => { event.preventDefault(); save(); }}>
      <Field label={t('field.title')}><TextInput value={text.title} maxLength={120} required onChange={(event) => set({ title: event.target.value })} /></Field>
      <Field label={t('field.title_zh')} help={t('field.title_zh_help')}><TextInput value={text.titleZh ?? ''} maxLength={120} onChange={(event) => set({ titleZh: event.target.value })} /></Field>
      <Field label={t('field.summary')}><TextInput value={text.summary} maxLength={300} onChange={(event) => set({ summary: event.target.value })} /></Field>
      <Field label={t('field.description')}><TextArea rows={5} value={text.description} maxLength={20_000} onChange={(event) => set({ description: event.target.value })} /></Field>
      <Select<Category> label={t('field.category')} value={text.category} onChange={(category) => set({ category })} options={CATEGORY_ORDER.map((value) => ({ value, label: t(`market:category.${value}`) }))} />
      <Field label={t('field.tags')} help={t('field.tags_help')} error={badTags}><TextInput value={tags} onChange={(event) => setTags(event.target.value)} /></Field>
      <Checkbox checked={text.personalData} onChange={(personalData) => set({ personalData })} help={t('field.personal_help')}>{t('field.personal')}</Checkbox>
      {!text.personalData && <Checkbox checked={text.preview} onChange={(preview) => set({ preview })} help={t('field.preview_help')}>{t('field.preview')}</Checkbox>}
      {describe.error !== null && <ErrorPanel error={describe.error} />}
      <div><Button type="submit" variant="ink" busy={describe.isPending ? t('saving') : false} disabledReason={text.title.trim().length < MIN_TITLE ? t('field.title_short') : badTags}>{t('next.storage')}</Button></div>
    </form>
  );
}
