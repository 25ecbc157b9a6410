/** The client and the state of its connection, for hooks. */
import { createContext, useContext, useSyncExternalStore } from 'react';
import type { ApiClient } from '../../src-node/api/contract/index.ts';
import { LinkSwitch, type Connection, type ConnectionStatus } from './connection.ts';

/** Without a provider every call fails as OFFLINE. */
export const ConnectionContext = createContext<Connection>(new LinkSwitch());

export function useApi(): ApiClient {
  return useContext(ConnectionContext).client;
}

export function useConnection(): { readonly status: ConnectionStatus; readonly since: number } {
  const connection = useContext(ConnectionContext);
  const status = useSyncExternalStore(connection.subscribe, connection.status);
  return { status, since: connection.since() };
}
