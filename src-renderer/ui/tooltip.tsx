/** A sentence beside a control. Its child must be able to take the focus. */
import { Tooltip as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { useLayer } from './layer.ts';
import './tooltip.css';

export interface TooltipProps {
  readonly text: ReactNode;
  readonly side?: 'top' | 'right' | 'bottom' | 'left';
  /** At once, for icons whose label is folded away. */
  readonly instant?: boolean;
  readonly children: ReactNode;
}

export function Tooltip({ text, side = 'top', instant = false, children }: TooltipProps) {
  const container = useLayer();
  return (
    <Radix.Provider delayDuration={instant ? 0 : 350} skipDelayDuration={200}>
      <Radix.Root>
        <Radix.Trigger asChild>{children}</Radix.Trigger>
        <Radix.Portal container={container}>
          <Radix.Content className="tooltip" side={side} sideOffset={6} collisionPadding={8}>
            {text}
          </Radix.Content>
        </Radix.Portal>
      </Radix.Root>
    </Radix.Provider>
  );
}
