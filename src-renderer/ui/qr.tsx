/** A QR code: black on white in both themes, with its quiet zone. */
import createQr from 'qrcode-generator';
import { useMemo } from 'react';
import './qr.css';

export interface QrProps {
  readonly text: string;
  /** What it says, for readers. */
  readonly label: string;
  readonly size?: number;
}

export function Qr({ text, label, size = 160 }: QrProps) {
  const { count, path } = useMemo(() => {
    const code = createQr(0, 'M');
    code.addData(text);
    code.make();
    const modules = code.getModuleCount();
    let drawn = '';
    for (let row = 0; row < modules; row += 1) {
      for (let column = 0; column < modules; column += 1) if (code.isDark(row, column)) drawn += `M${column} ${row}h1v1h-1z`;
    }
    return { count: modules, path: drawn };
  }, [text]);
  return (
    <div className="qr">
      <svg width={size} height={size} viewBox={`0 0 ${count} ${count}`} shapeRendering="crispEdges" role="img" aria-label={label}><path d={path} /></svg>
    </div>
  );
}
