import { createPrivateKey, type KeyObject } from 'node:crypto'
import { ValetkeyError } from '../../errors.js'

/**
 * @param pem PKCS#8, PKCS#1 or SEC1, also as one line with `\n` written out, as JSON files have it
 * @throws {ValetkeyError} BAD_USER_INPUT, with nothing of the key in its message
 */
export function readPrivateKey(pem: string, passphrase?: string): KeyObject {
  try {
    return createPrivateKey({ key: pem.replaceAll('\\n', '\n'), ...(passphrase ? { passphrase } : {}) })
  } catch (error) {
    throw new ValetkeyError(
      'BAD_USER_INPUT',
      'The private key cannot be read: it is a PEM file, with its passphrase where it has one.',
      undefined,
      error,
    )
  }
}
