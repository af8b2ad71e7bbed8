import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import type { EncryptionKey } from '../config.js'

/** A data key as the database has it. */
export interface Wrapped {
  /** Of the key-encryption key. */
  keyId: string
  bytes: Buffer
}

/**
 * What the vault asks of whoever holds the key-encryption keys. A key management service is one more class of this
 * shape: its `wrap` and `unwrap` are calls of the service, with the context as its encryption context.
 */
export interface KeyWrapping {
  /** Id of the key that wraps from now on. */
  readonly primary: string
  /** Ids of the keys that can unwrap, for messages. */
  readonly ids: readonly string[]
  /**
   * @param bytes what is to be encrypted, up to a kilobyte
   * @param context what it is, and of which data key: the same is needed to unwrap it
   */
  wrap(bytes: Buffer, context: string): Promise<Wrapped>
  /**
   * @returns the bytes; null where the key with this id is another one, or the context is
   * @throws {UnknownKey} where there is no key with this id
   */
  unwrap(wrapped: Wrapped, context: string): Promise<Buffer | null>
}

/** There is no key-encryption key with this id. */
export class UnknownKey extends Error {
  override readonly name = 'UnknownKey'
}

const NONCE = 12
const TAG = 16

/** The keys of the configuration, with AES-256-GCM: nonce (12) | ciphertext | tag (16). */
export class Keyring implements KeyWrapping {
  private readonly first: EncryptionKey

  /** @param keys the first one wraps, and all of them unwrap @throws {Error} where there is none */
  constructor(private readonly keys: readonly EncryptionKey[]) {
    const [first] = keys
    if (!first) throw new Error('A key ring needs a key.')
    this.first = first
  }

  get primary(): string {
    return this.first.id
  }

  get ids(): string[] {
    return this.keys.map(({ id }) => id)
  }

  async wrap(bytes: Buffer, context: string): Promise<Wrapped> {
    const { id, key } = this.first
    const nonce = randomBytes(NONCE)
    const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG }).setAAD(aad(context, id))
    return { keyId: id, bytes: Buffer.concat([nonce, cipher.update(bytes), cipher.final(), cipher.getAuthTag()]) }
  }

  async unwrap({ keyId, bytes }: Wrapped, context: string): Promise<Buffer | null> {
    const key = this.keys.find(({ id }) => id === keyId)?.key
    if (!key) throw new UnknownKey(keyId)
    try {
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE), { authTagLength: TAG })
        .setAAD(aad(context, keyId))
        .setAuthTag(bytes.subarray(-TAG))
      return Buffer.concat([decipher.update(bytes.subarray(NONCE, -TAG)), decipher.final()])
    } catch {
      return null
    }
  }
}

function aad(context: string, keyId: string): Buffer {
  return Buffer.from(`${context}\0${keyId}`)
}
