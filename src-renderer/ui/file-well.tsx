/** Where a file is dropped or chosen. */
import { useRef, useState, type ChangeEvent, type DragEvent, type ReactNode } from 'react';
import { Button } from './button.tsx';
import { classNames } from './class-names.ts';
import './file-well.css';

export interface FileWellProps {
  readonly title: string;
  readonly text: ReactNode;
  /** On the button. */
  readonly choose: string;
  /** What it waits for, in words; no other file is taken meanwhile. */
  readonly busy: string | false;
  /** The file is dropped or chosen in the page, or named in a dialog of the desktop, which a drop cannot reach. */
  readonly source: { readonly kind: 'page'; readonly onFile: (file: File) => void } | { readonly kind: 'desktop'; readonly onChoose: () => void };
  /** Below the button: progress, for example. */
  readonly children?: ReactNode;
}

export function FileWell({ title, text, choose, busy, source, children }: FileWellProps) {
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const takes = source.kind === 'page' && busy === false;
  const drag = (event: DragEvent): void => {
    event.preventDefault();
    if (takes) setOver(true);
    else event.dataTransfer.dropEffect = 'none';
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault(); // else the browser would open the file in place of the page
    setOver(false);
    const [file] = event.dataTransfer.files;
    if (takes && file !== undefined) source.onFile(file);
  };
  const chosen = (event: ChangeEvent<HTMLInputElement>): void => {
    const file = event.target.files?.[0];
    event.target.value = ''; // so that the same file can be chosen again
    if (takes && file !== undefined) source.onFile(file);
  };
  return (
    <div className={classNames('file-well', over && 'file-well--over')} onDragOver={drag} onDragLeave={() => setOver(false)} onDrop={drop}>
      <p className="t-title">{title}</p>
      <p className="c-2">{text}</p>
      <Button variant="ink" busy={busy} onClick={() => (source.kind === 'desktop' ? source.onChoose() : input.current?.click())}>{choose}</Button>
      {source.kind === 'page' && <input ref={input} type="file" className="unseen" tabIndex={-1} aria-label={choose} onChange={chosen} />}
      {children}
    </div>
  );
}
