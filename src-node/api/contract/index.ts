/** The one contract between the window and the node, carried over a MessagePort (Electron) or a WebSocket (headless). */
import type { ContractRouterClient } from '@orpc/contract';
import { app } from './app.ts';
import { gateway } from './gateway.ts';
import { market } from './market.ts';
import { node } from './node.ts';
import { orders } from './orders.ts';
import { actions } from './proposal.ts';
import { publish } from './publish.ts';
import { requests } from './requests.ts';
import { rnode } from './rnode.ts';
import { streamDesk } from './stream-desk.ts';
import { streams } from './streams.ts';
import { wallet } from './wallet.ts';

export const contract = { app, node, wallet, actions, requests, market, publish, orders, rnode, streams, streamDesk, gateway };
export type Contract = typeof contract;
/** What the window calls. */
export type ApiClient = ContractRouterClient<Contract>;

export type * from './app.ts';
export type * from './base.ts';
export type * from './gateway.ts';
export type * from './market.ts';
export type * from './node.ts';
export type * from './orders.ts';
export type * from './proposal.ts';
export type * from './publish.ts';
export type * from './requests.ts';
export type * from './rnode.ts';
export type * from './stream-desk.ts';
export type * from './streams.ts';
export type * from './wallet.ts';
