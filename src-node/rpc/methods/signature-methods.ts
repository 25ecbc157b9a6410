/** personal: who signed a text (docs/protocol/05 §5). Nothing here has to do with private keys. */
import { concat, toHex } from '../../base/bytes.ts';
import { recoverAddress } from '../../crypto/secp256k1.ts';
import { MESSAGE_FIRST_V, messageDigest } from '../../primitives/signed-message.ts';
import { DATA } from '../parameters/index.ts';
import { rpcError } from '../protocol/errors.ts';
import { method, type RpcMethod } from '../protocol/method.ts';

const SIGNATURE_LENGTH = 65;

export function signatureMethods(): RpcMethod[] {
  return [
    method('personal_ecRecover', [DATA, DATA], ([text, signature]) => {
      if (signature.length !== SIGNATURE_LENGTH) throw rpcError('CALL_FAILED', `signature must be ${SIGNATURE_LENGTH} bytes long`);
      const v = signature[SIGNATURE_LENGTH - 1] ?? 0;
      if (v !== MESSAGE_FIRST_V && v !== MESSAGE_FIRST_V + 1) throw rpcError('CALL_FAILED', 'invalid Cpchain signature (V is not 27 or 28)');
      const signer = recoverAddress(messageDigest(text), concat(signature.subarray(0, 64), Uint8Array.of(v - MESSAGE_FIRST_V)));
      if (signer === null) throw rpcError('CALL_FAILED', 'recovery failed');
      return toHex(signer);
    }),
  ];
}
