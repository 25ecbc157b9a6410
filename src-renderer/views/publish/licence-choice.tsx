/** The templates as cards; the whole text of the chosen one below. */
import { useTranslation } from 'react-i18next';
import { useLicences } from '../../models/publish.ts';
import { Panel } from '../../ui/panel.tsx';
import { Pick } from '../../ui/pick.tsx';

export function LicenceChoice({ value, onChange }: { readonly value: string; readonly onChange: (id: string) => void }) {
  const { t } = useTranslation('publish');
  const licences = useLicences();
  return (
    <section>
      <h2 className="t-label">{t('licence.label')}</h2>
      <Panel plain query={licences} rows={3}>
        {(list) => (
          <div className="publish__licences">
            <Pick
              label={t('licence.label')}
              value={value}
              onChange={onChange}
              options={list.map(({ id, title, grants, limits }) => ({
                value: id,
                title: t(`licence.title.${id}`, { defaultValue: title }),
                children: <span className="t-small c-3">{t('licence.summary', { grants: grants.map((grant) => t(`licence.grant.${grant}`)).join(t('licence.and')), limits: limits.map((limit) => t(`licence.limit.${limit}`)).join(t('licence.and')) })}</span>,
              }))}
            />
            <p className="t-small c-2"><bdi>{list.find(({ id }) => id === value)?.text}</bdi> {t('licence.fixed')}</p>
          </div>
        )}
      </Panel>
    </section>
  );
}
