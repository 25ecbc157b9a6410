/** Each thing that was tried, with what came of it. */
import { useTranslation } from 'react-i18next';
import type { TestReport } from '../../../src-node/api/contract/index.ts';
import { StatusIcon } from '../../ui/status-icon.tsx';

export function TestResult({ report }: { readonly report: TestReport }) {
  const { t } = useTranslation('stream-desk');
  return (
    <div className="test-result" role="status">
      <p className={report.ok ? 't-h c-ok' : 't-h c-bad'}>{t(report.ok ? 'test_result.ok' : 'test_result.bad')}</p>
      <ul className="ruled">{report.checks.map(({ name, ok, detail }) => <li key={name} className="row row-top"><span className={ok ? 'c-ok' : 'c-bad'}><StatusIcon tone={ok ? 'ok' : 'bad'} /></span><span className="t-medium">{t(`test_result.check.${name}`, { defaultValue: name })}</span><bdi className="c-2 grow">{detail}</bdi></li>)}</ul>
    </div>
  );
}
