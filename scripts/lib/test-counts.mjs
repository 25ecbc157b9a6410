/** Counts of the runners' JSON reports; every skipped test keeps its name. */

export function vitestCounts(report) {
  const tests = report.testResults.flatMap((file) => file.assertionResults.map((test) => ({ ...test, file: file.name })));
  const broken = report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length;
  return {
    passed: tests.filter(({ status }) => status === 'passed').length,
    failed: tests.filter(({ status }) => status === 'failed').length + broken,
    skipped: tests.filter(({ status }) => status !== 'passed' && status !== 'failed').map(({ fullName }) => fullName),
  };
}

export function playwrightCounts(report) {
  const tests = [...testsOf(report.suites, [])];
  return {
    passed: tests.filter(({ status }) => status === 'expected' || status === 'flaky').length,
    failed: tests.filter(({ status }) => status === 'unexpected').length + report.errors.length,
    skipped: tests.filter(({ status }) => status === 'skipped').map(({ name }) => name),
  };
}

function* testsOf(suites, path) {
  for (const suite of suites) {
    const here = [...path, suite.title];
    yield* testsOf(suite.suites ?? [], here);
    for (const spec of suite.specs) for (const test of spec.tests) yield { status: test.status, name: [test.projectName, ...here, spec.title].join(' › ') };
  }
}
