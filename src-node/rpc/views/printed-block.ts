/** A block in words, for people (docs/protocol/05 §5). */
import { toHex, type Bytes } from '../../base/bytes.ts';
import type { Block } from '../../primitives/block.ts';
import type { Header } from '../../primitives/header.ts';
import type { Transaction } from '../../primitives/transaction.ts';
import { checksummed } from './address-view.ts';
import { dumpedBytes, list, plain, pointed, pointedStruct, sized, struct, type Dumped } from './go-dump.ts';

/** As other nodes print it, but for where it stands in their memory and what they keep beside a transaction. */
export function printedBlock({ header, transactions }: Block, hash: Bytes): string {
  const block = pointedStruct('types.Block', [
    ['header', headerLines(header)],
    ['transactions', list('types.Transactions', transactions.map(transactionLines))],
    ['hash', struct('atomic.Value', [['v', hashLine(hash)]])],
    ['size', struct('atomic.Value', [['v', plain('interface {}', '<nil>')]])],
    ['td', pointed('big.Int', null)],
    ['ReceivedAt', plain('time.Time', '0001-01-01 00:00:00 +0000 UTC')],
    ['ReceivedFrom', plain('interface {}', '<nil>')],
  ]);
  return `${block.join('\n')}\n`;
}

function headerLines(header: Header): Dumped {
  const { seal, sigs, proposers, validators } = header.dpor;
  return pointedStruct('types.Header', [
    ['ParentHash', hashLine(header.parentHash)],
    ['Coinbase', addressLine(header.coinbase)],
    ['StateRoot', hashLine(header.stateRoot)],
    ['TxsRoot', hashLine(header.transactionsRoot)],
    ['ReceiptsRoot', hashLine(header.receiptsRoot)],
    ['LogsBloom', dumpedBytes('types.Bloom', header.logsBloom)],
    ['Number', bigLine(header.number)],
    ['GasLimit', uintLine(header.gasLimit)],
    ['GasUsed', uintLine(header.gasUsed)],
    ['Time', bigLine(header.timeMillis)],
    ['Extra', dumpedBytes('[]uint8', header.extra)],
    ['Dpor', struct('types.DporSnap', [
      ['Seal', dumpedBytes('types.DporSignature', seal)],
      ['Sigs', list('[]types.DporSignature', sigs.map((sig) => dumpedBytes('types.DporSignature', sig)))],
      ['Proposers', list('[]common.Address', proposers.map(addressLine))],
      ['Validators', list('[]common.Address', validators.map(addressLine))],
    ])],
  ]);
}

function transactionLines(tx: Transaction): Dumped {
  const data = struct('types.txdata', [
    ['Type', uintLine(tx.type)],
    ['AccountNonce', uintLine(tx.nonce)],
    ['Price', bigLine(tx.gasPrice)],
    ['GasLimit', uintLine(tx.gasLimit)],
    ['Recipient', pointed('common.Address', tx.to === null ? null : `(len=20) ${checksummed(tx.to)}`)],
    ['Amount', bigLine(tx.value)],
    ['Payload', dumpedBytes('[]uint8', tx.payload)],
    ['V', bigLine(tx.v)],
    ['R', bigLine(tx.r)],
    ['S', bigLine(tx.s)],
    ['Hash', pointed('common.Hash', null)],
  ]);
  return pointedStruct('types.Transaction', [['data', data]]);
}

function hashLine(hash: Bytes): Dumped {
  return sized('common.Hash', hash.length, toHex(hash));
}

function addressLine(address: Bytes): Dumped {
  return sized('common.Address', address.length, checksummed(address));
}

function bigLine(value: bigint): Dumped {
  return pointed('big.Int', value.toString());
}

function uintLine(value: bigint): Dumped {
  return plain('uint64', value.toString());
}
