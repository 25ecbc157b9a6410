/** The patina button, held where much money leaves. */
import { Fingerprint } from 'lucide-react';
import { Button } from '../../ui/button.tsx';
import { HoldButton } from '../../ui/hold-button.tsx';

export interface SignButtonProps {
  readonly label: string;
  readonly hold: boolean;
  readonly twice: boolean;
  readonly busy: string | false;
  /** Why it cannot be signed yet. */
  readonly missing: string | undefined;
  readonly onSign: () => void;
}

export function SignButton({ label, hold, twice, busy, missing, onSign }: SignButtonProps) {
  if (hold) return <HoldButton size="large" twice={twice} busy={busy} disabledReason={missing} onDone={onSign}>{label}</HoldButton>;
  return <Button variant="sign" size="large" icon={<Fingerprint aria-hidden />} busy={busy} disabledReason={missing} onClick={onSign}>{label}</Button>;
}
