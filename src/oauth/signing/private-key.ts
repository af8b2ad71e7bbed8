import { createPrivateKey, type KeyObject } from 'node:crypto'
import { ValetkeyError } from '../../errors.js'

/**
 * Parses a private key.
 *
 * @param pem PKCS#8, PKCS#1 or SEC1; also in one line with `\n` as two characters, as in JSON files
 * @throws {ValetkeyError} BAD_USER_INPUT; its message does not quote the key
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
