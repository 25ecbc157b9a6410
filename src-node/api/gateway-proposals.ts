/** Sheets of a gateway's owner: its place on the chain and its bond (docs/protocol/11 §4.13). */
import { fromHex, toHex, type Bytes, type Hex } from '../base/bytes.ts';
import { CodedError } from '../base/errors.ts';
import * as binding from '../contracts/bindings/pd-gateway.gen.ts';
import { gatewayId } from '../contracts/terms.ts';
import type { GatewayEntry } from '../streams/index/gateway-entry.ts';
import type { StreamsRuntime } from '../streams/streams-runtime.ts';
import type { DraftCall } from '../wallet/proposals.ts';
import { checksummed, parseAddress } from './address.ts';
import type { ActionKind, BalanceChange, Proposal, SheetField } from './contract/proposal.ts';
import { knownGateway, streamsOf } from './known-streams.ts';
import { ownAccounts } from './market-procedures.ts';
import { procedures } from './procedures.ts';
import { addressField, amountField, proposalView, type SheetDetails } from './proposal-view.ts';
import type { NetworkServices, Services } from './services.ts';
import { gatewayName } from './stream-views.ts';
import { WITHDRAW_GAS } from './subscription-proposals.ts';

export const gatewayProposals = {
  prepareRegister: procedures.gateway.prepareRegister.handler(({ context, input }) => prepareRegister(context.services, parseAddress(input.owner), input.endpoints, input.bond)),
  prepare: procedures.gateway.prepare.handler(({ context, input }) => prepareGateway(context.services, input.id as Hex, input.action, input.endpoints ?? [])),
};

async function prepareRegister(services: Services, owner: Bytes, wanted: readonly string[], bond: bigint): Promise<Proposal> {
  const network = services.network();
  const streams = streamsOf(network);
  const { keys, at, reads, contracts } = streams;
  const { minBond, leaveTime } = contracts.parameters.gateway;
  if (bond < minBond) throw new CodedError('BOND_TOO_LOW', 'The bond is below the least that a gateway needs.', { help: 'Send at least the least bond.', meta: { reason: 'gateway', minBond: minBond.toString() } });
  const endpoints = checkedEndpoints(wanted, network);
  const nonce = await reads.gatewayNonce(owner);
  const id = gatewayId({ contract: contracts.addresses.gateway, chainId: at.chainId, creator: toHex(owner), nonce });
  const signer = await keys.signerOf({ at, account: owner, nonce });
  const title = hostOf(endpoints[0] ?? '');
  const prepared = await network.wallet.proposals.prepare({
    kind: 'gateway-register', title, account: owner, permissions: [], subject: { kind: 'gateway', id },
    calls: [{ to: fromHex(contracts.addresses.gateway), value: bond, payload: binding.encodeRegister(nonce, toHex(signer), endpoints) }],
  });
  return proposalView(prepared, {
    fields: [...endpointFields(endpoints), amountField('bond', bond), addressField('receipt-key', signer, network.wallet), { key: 'gateway', value: { kind: 'hash', hash: id } }],
    notes: [
      { key: 'gateway-bond', tone: 'info', values: { millis: leaveTime * 1000 } },
      { key: 'gateway-two-stories', tone: 'warn', values: {} },
      { key: 'gateway-public', tone: 'info', values: {} },
    ],
    valueReason: 'bond',
  }, network.wallet);
}

type GatewayAction = 'set-endpoints' | 'pause' | 'resume' | 'leave' | 'take-bond';

interface GatewaySheet {
  readonly kind: ActionKind;
  readonly calls: readonly DraftCall[];
  readonly fields: readonly SheetField[];
  readonly notes: SheetDetails['notes'];
  /** Comes to the owner. */
  readonly back: bigint;
}

/** @throws GATEWAY_UNKNOWN, GATEWAY_STATE, BAD_ENDPOINT */
async function prepareGateway(services: Services, id: Hex, action: GatewayAction, endpoints: readonly string[]): Promise<Proposal> {
  const network = services.network();
  const streams = streamsOf(network);
  const gateway = knownGateway(streams, id);
  if (!(await ownAccounts(services)).includes(gateway.owner)) throw refused(gateway, action, 'not-yours');
  const sheet = await gatewaySheet(network, streams, gateway, action, endpoints);
  const owner = fromHex(gateway.owner);
  const title = gatewayName(gateway);
  const prepared = await network.wallet.proposals.prepare({ kind: sheet.kind, title, account: owner, permissions: [], subject: { kind: 'gateway', id }, calls: sheet.calls });
  const changes: readonly BalanceChange[] = sheet.back === 0n ? [] : [{ account: checksummed(owner), accountName: network.wallet.labels.nameOf(owner), amount: sheet.back, reason: 'refund' }];
  return proposalView(prepared, { fields: [{ key: 'name', value: { kind: 'text', text: title } }, ...sheet.fields, { key: 'gateway', value: { kind: 'hash', hash: id } }], notes: sheet.notes, changes, valueReason: 'bond' }, network.wallet);
}

async function gatewaySheet(network: NetworkServices, streams: StreamsRuntime, gateway: GatewayEntry, action: GatewayAction, wanted: readonly string[]): Promise<GatewaySheet> {
  const { contracts, reads } = streams;
  const { id, status } = gateway;
  const to = fromHex(contracts.addresses.gateway);
  const leaveMillis = contracts.parameters.gateway.leaveTime * 1000;
  const one = (kind: ActionKind, allowed: boolean, payload: Bytes, more: Partial<GatewaySheet>): GatewaySheet => {
    if (!allowed) throw refused(gateway, action, 'state');
    return { kind, calls: [{ to, value: 0n, payload }], fields: [], notes: [], back: 0n, ...more };
  };
  switch (action) {
    case 'set-endpoints': {
      const endpoints = checkedEndpoints(wanted, network);
      return one('gateway-endpoints', status === 'bonded' || status === 'paused', binding.encodeSetEndpoints(id, endpoints), { fields: endpointFields(endpoints), notes: [{ key: 'gateway-endpoints', tone: 'info', values: {} }] });
    }
    case 'pause':
      return one('gateway-pause', status === 'bonded', binding.encodePause(id), { notes: [{ key: 'gateway-pause', tone: 'info', values: {} }] });
    case 'resume':
      return one('gateway-resume', status === 'paused', binding.encodeResume(id), { notes: [{ key: 'gateway-resume', tone: 'info', values: {} }] });
    case 'leave':
      return one('gateway-leave', status === 'bonded' || status === 'paused', binding.encodeLeave(id), { fields: [amountField('bond', gateway.bond)], notes: [{ key: 'gateway-leave', tone: 'warn', values: { millis: leaveMillis } }] });
    case 'take-bond': {
      const credit = await reads.gatewayCredit(fromHex(gateway.owner));
      const isDue = status === 'leaving' && Number(network.reader.head()?.number ?? 0n) + 1 >= gateway.leavingBlock;
      const back = isDue ? gateway.bond + credit : credit;
      const withdraw = { to, value: 0n, payload: binding.encodeWithdraw(gateway.owner) };
      const calls = isDue ? [{ to, value: 0n, payload: binding.encodeFinalizeLeave(id) }, { ...withdraw, gasLimit: WITHDRAW_GAS }] : [withdraw];
      return one('gateway-take-bond', isDue || (status === 'left' && credit > 0n), withdraw.payload, { calls, fields: [amountField('amount', back)], notes: [{ key: 'gateway-take-bond', tone: 'info', values: {} }], back });
    }
  }
}

/** Plain HTTP carries tickets and proofs for everybody to see, so that only a network for practice, of one computer, has it. @throws BAD_ENDPOINT */
function checkedEndpoints(endpoints: readonly string[], { streams }: NetworkServices): readonly string[] {
  if (endpoints.length === 0) throw badEndpoint('');
  return endpoints.map((endpoint) => {
    if (!URL.canParse(endpoint)) throw badEndpoint(endpoint);
    const { protocol, username, password, search, hash, pathname, origin } = new URL(endpoint);
    const isPlain = username === '' && password === '' && search === '' && hash === '' && pathname === '/';
    if (!isPlain || !(protocol === 'https:' || (protocol === 'http:' && streams.kind === 'practice'))) throw badEndpoint(endpoint);
    return origin;
  });
}

function badEndpoint(endpoint: string): CodedError {
  return new CodedError('BAD_ENDPOINT', 'A gateway cannot be reached at this address by everybody.', { help: 'Give it as “https://name:port”, without path, user or anything else.', meta: { reason: 'entered', endpoint } });
}

function endpointFields(endpoints: readonly string[]): readonly SheetField[] {
  return endpoints.map((endpoint) => ({ key: 'endpoint', value: { kind: 'text', text: endpoint } }));
}

function hostOf(endpoint: string): string {
  return URL.canParse(endpoint) ? new URL(endpoint).host : endpoint;
}

function refused({ status }: GatewayEntry, action: GatewayAction, reason: 'state' | 'not-yours'): CodedError {
  return reason === 'not-yours'
    ? new CodedError('GATEWAY_STATE', 'This gateway belongs to an account that is not in this wallet.', { help: 'Only its owner can change it.', meta: { reason, state: status, action } })
    : new CodedError('GATEWAY_STATE', 'This is not possible for the gateway now.', { help: 'Look at it again: it has moved on, or its bond has to wait.', meta: { state: status, action } });
}
