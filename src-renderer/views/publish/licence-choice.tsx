/** The templates as cards; the whole text of the chosen one below. */
import { useTranslation } from 'react-i18next';
import { useLicences } from '../../models/publish.ts';
import { useLicenceWords } from '../../ui/licence-words.ts';
import { Panel } from '../../ui/panel.tsx';
import { Pick } from '../../ui/pick.tsx';

export function LicenceChoice({ value, onChange }: { readonly value: string; readonly onChange: (id: string) => void }) {
  const { t } = useTranslation('licence');
  const { titleOf, summaryOf } = useLicenceWords();
  const licences = useLicences();
  return (
    <section>
      <h2 className="t-label">{t('label')}</h2>
      <Panel plain query={licences} rows={8}>
        {(list) => (
          <div className="publish__licences">
            <Pick
              label={t('label')}
              value={value}
              onChange={onChange}
              options={list.map((licence) => ({
                value: licence.id,
                title: titleOf(licence.id, licence.title),
                children: <span className="t-small c-3">{summaryOf(licence)}</span>,
              }))}
            />
            <p className="t-small c-2"><bdi lang="en">{list.find(({ id }) => id === value)?.text}</bdi> {t('fixed')}</p>
          </div>
        )}
      </Panel>
    </section>
  );
}
