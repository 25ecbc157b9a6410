/** The 24 words, to be written on paper. They can be hidden, and not copied. */
import { Eye, EyeOff } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import { Note } from '../../ui/note.tsx';
import { StepScreen } from './frame.tsx';

export interface WordsScreenProps {
  readonly words: readonly string[];
  readonly onBack: () => void;
  readonly onWritten: () => void;
}

const HIDDEN = '•••••';

export function WordsScreen({ words, onBack, onWritten }: WordsScreenProps) {
  const { t } = useTranslation('first-hour');
  const [hidden, setHidden] = useState(false);
  return (
    <StepScreen
      title={t('words.title')}
      lead={t('words.lead')}
      foot={<><Button variant="quiet" size="large" onClick={onBack}>{t('back')}</Button><span className="grow" /><Button variant="ink" size="large" onClick={onWritten}>{t('words.written')}</Button></>}
    >
      <ol className="words" aria-label={t('words.list')}>
        {words.map((word, index) => <li key={index}><span aria-hidden>{index + 1}</span><span className="t-medium">{hidden ? HIDDEN : word}</span></li>)}
      </ol>
      <div className="row apart">
        <Button size="small" icon={hidden ? <Eye aria-hidden /> : <EyeOff aria-hidden />} onClick={() => setHidden(!hidden)}>{hidden ? t('words.show') : t('words.hide')}</Button>
        <span className="t-small c-3">{t('words.no_copy')}</span>
      </div>
      <Note>{t('words.screen')}</Note>
    </StepScreen>
  );
}
