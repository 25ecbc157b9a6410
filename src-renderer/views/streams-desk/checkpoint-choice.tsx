/** How often the program writes on the chain how far the stream is, and what that costs. */
import { useTranslation } from 'react-i18next';
import { cpc } from '../../models/format.ts';
import { useCheckpointFee } from '../../models/streams-desk.ts';
import { checkpointCostOfDay, type CheckpointChoice as Choice } from '../../models/streams-draft.ts';
import { Select } from '../../ui/select.tsx';

const CHOICES: readonly Choice[] = ['hour', 'day', 'never'];

export function CheckpointChoice({ chosen, onChange }: { readonly chosen: Choice; readonly onChange: (chosen: Choice) => void }) {
  const { t } = useTranslation('stream-desk');
  const fee = useCheckpointFee().data;
  const cost = fee === undefined ? null : cpc(checkpointCostOfDay(chosen, fee), { decimals: 4, unit: true });
  const help = chosen === 'never' ? t('new.checkpoints_none') : cost === null ? t('new.checkpoints_help') : t('new.checkpoints_cost', { amount: cost });
  return <Select<Choice> label={t('new.checkpoints')} help={help} value={chosen} onChange={onChange} options={CHOICES.map((value) => ({ value, label: t(`new.checkpoint_of.${value}`) }))} />;
}
