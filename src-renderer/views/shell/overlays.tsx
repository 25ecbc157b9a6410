/** The one thing over the page: palette, list of keys, or a sheet that every page can open. */
import { CommandPalette } from '../palette/command-palette.tsx';
import { KeyList } from '../palette/key-list.tsx';
import { RequestSheet } from '../requests/request-sheet.tsx';
import { ReceiveSheet } from '../wallet/receive-sheet.tsx';
import { SendSheet } from '../wallet/send-sheet.tsx';
import { useShellState } from './shell-state.ts';

export function Overlays() {
  const { overlay, show } = useShellState();
  const close = (): void => show(null);
  return (
    <>
      <CommandPalette open={overlay?.kind === 'palette'} onClose={close} />
      <KeyList open={overlay?.kind === 'keys'} onClose={close} />
      <SendSheet open={overlay?.kind === 'send'} from={overlay?.kind === 'send' ? overlay.from : undefined} to={overlay?.kind === 'send' ? overlay.to : undefined} onClose={close} />
      {overlay?.kind === 'request' && <RequestSheet key={overlay.id} id={overlay.id} error={overlay.error} onClose={close} />}
      <ReceiveSheet open={overlay?.kind === 'receive'} account={overlay?.kind === 'receive' ? overlay.account : undefined} onClose={close} />
    </>
  );
}
