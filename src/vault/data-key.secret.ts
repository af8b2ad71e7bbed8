import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { clock } from '../clock.js'
import type { EncryptionKey } from '../config.js'

/** A data key, encrypted with the key-encryption key `keyId`: nonce (12) | ciphertext (32) | tag (16). */
@Entity()
export class DataKey {
  @PrimaryKey({ type: 'uuid', fieldName: 'id' })
  readonly uuid: string

  @Property({ type: 'string', length: 32 })
  keyId!: string

  @Property({ type: 'blob', hidden: true })
  private wrapped!: Buffer

  @Property({ type: 'datetime', length: 3 })
  readonly createdAt: Date = clock.now()

  constructor(uuid: string) {
    this.uuid = uuid
  }

  /** Encrypts the data key with `key`. */
  wrap(dataKey: Buffer, key: EncryptionKey) {
    const nonce = randomBytes(12)
    const cipher = createCipheriv('aes-256-gcm', key.key, nonce, { authTagLength: 16 }).setAAD(this.associatedData(key))
    this.wrapped = Buffer.concat([nonce, cipher.update(dataKey), cipher.final(), cipher.getAuthTag()])
    this.keyId = key.id
  }

  /** @returns the data key, or null when `key` is not the one that wrapped it */
  unwrap(key: EncryptionKey): Buffer | null {
    const bytes = Buffer.from(this.wrapped)
    const decipher = createDecipheriv('aes-256-gcm', key.key, bytes.subarray(0, 12), { authTagLength: 16 }).setAAD(
      this.associatedData(key),
    )
    decipher.setAuthTag(bytes.subarray(-16))
    try {
      return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()])
    } catch {
      return null
    }
  }

  private associatedData(key: EncryptionKey) {
    return Buffer.from(`valetkey data key v1\0${this.uuid}\0${key.id}`)
  }
}
