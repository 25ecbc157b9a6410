/** Parts of one object. `[` and `]` step through them. */
import { Tabs as Radix } from 'radix-ui';
import { useState, type ReactNode } from 'react';
import './tabs.css';

export interface Tab {
  readonly id: string;
  readonly label: ReactNode;
  readonly count?: number | undefined;
  readonly content: ReactNode;
}

export interface TabsProps {
  readonly tabs: readonly Tab[];
  readonly label?: string;
  /** Controlled by the page (its address, for example); free otherwise. */
  readonly value?: string | undefined;
  readonly onChange?: ((id: string) => void) | undefined;
}

export function Tabs({ tabs, label, value, onChange }: TabsProps) {
  const [own, setOwn] = useState(tabs[0]?.id ?? '');
  const current = value ?? own;
  const choose = (id: string): void => {
    setOwn(id);
    onChange?.(id);
  };
  return (
    <Radix.Root className="tabs" value={current} onValueChange={choose}>
      <Radix.List className="tabs__list" aria-label={label}>
        {tabs.map((tab) => (
          <Radix.Trigger key={tab.id} value={tab.id} className="tabs__tab">
            {tab.label}
            {tab.count !== undefined && <span className="tabs__count">{tab.count}</span>}
          </Radix.Trigger>
        ))}
      </Radix.List>
      {tabs.map((tab) => <Radix.Content key={tab.id} value={tab.id} className="tabs__content">{tab.content}</Radix.Content>)}
    </Radix.Root>
  );
}
