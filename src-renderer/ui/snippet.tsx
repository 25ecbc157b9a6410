/** A program text to take along. Secrets stand in it as variables only. */
import { CopyButton } from './copy-button.tsx';
import './snippet.css';

export interface SnippetProps {
  readonly code: string;
  /** "Copy the curl snippet". */
  readonly label: string;
}

export function Snippet({ code, label }: SnippetProps) {
  return (
    <div className="snippet">
      <pre className="snippet__code" tabIndex={0} role="region" aria-label={label}>{code}</pre>
      <span className="snippet__copy"><CopyButton text={code} label={label} /></span>
    </div>
  );
}
