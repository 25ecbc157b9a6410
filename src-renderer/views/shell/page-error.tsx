/** A page that broke: the frame stays, the page says so. */
import { ErrorPanel } from '../../ui/error-panel.tsx';

export function PageError({ error, reset }: { readonly error: unknown; readonly reset: () => void }) {
  return <ErrorPanel error={error} onRetry={reset} />;
}
