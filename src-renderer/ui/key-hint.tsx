/** A key as it is printed on the keyboard. */
import './key-hint.css';

export function KeyHint({ keys }: { readonly keys: string }) {
  return <kbd className="key-hint">{keys}</kbd>;
}
