/**
 * The vault encrypts (seals) secrets before they are stored, and decrypts (opens) them. No other code encrypts.
 *
 *   key-encryption key (configuration) ──wraps──▶ data key (database) ──HKDF, per value──▶ AES-256-GCM
 *     key-wrapping.ts                              data-keys.ts                           this file
 *
 * A sealed value is bound to its place (table, column, row and, for tokens, the row's version) as
 * associated data: copied to another place, it cannot be opened.
 *
 * Format of a sealed value: 01 | data key id (16) | salt (16) | nonce (12) | commitment (32) |
 * ciphertext | tag (16). The commitment ties the ciphertext to one key, as the AWS Encryption SDK
 * does; the salt gives each value a key of its own, which lifts the limit on random nonces.
 */
import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto'
import type { MikroORM } from '@mikro-orm/core'
import { BoundedCache } from '../bounded-cache.js'
import { authenticationKey, DataKeys } from './data-keys.js'
import type { KeyWrapping } from './key-wrapping.js'

/** Where a sealed value is stored. With the row's `version`, a value restored from an older copy does not open. */
export interface Place {
  table: string
  column: string
  row: string
  version?: number
}

const FORMAT = 1
const HEADER = 1 + 16 + 16 + 12 + 32
const TAG = 16
/** Lengths are hidden to the nearest step, in bytes. */
const PADDING = 64

/** A sealed value that is damaged, or is not in the place for which it was sealed. */
export class SealBroken extends Error {
  override readonly name = 'SealBroken'
}

/** Encrypts and decrypts with the data keys of the database. */
export class Vault {
  /** What was derived last: a value that is read often is opened with the same key each time. */
  private readonly derived = new BoundedCache<{ key: KeyObject; commitment: Buffer }>(10_000, 1_000_000)

  private constructor(
    /** Which there are, and which one seals. */
    readonly dataKeys: DataKeys,
  ) {}

  /**
   * Opens the data keys. To rotate the key-encryption key, put a new one in front and restart; to rotate the data key,
   * see data-keys.ts.
   *
   * @throws {StartRefused} when a data key cannot be unwrapped: the key is missing or another one
   */
  static async open(orm: MikroORM, wrapping: KeyWrapping): Promise<Vault> {
    return new Vault(await DataKeys.open(orm, wrapping))
  }

  /** @returns the sealed bytes of `plaintext` for `place`, in the format above */
  seal(plaintext: string, place: Place): Buffer {
    const salt = randomBytes(16)
    const nonce = randomBytes(12)
    const { id } = this.dataKeys.current
    const { key, commitment } = this.derive(id, salt)
    const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG }).setAAD(associatedData(place))
    const ciphertext = Buffer.concat([cipher.update(pad(plaintext)), cipher.final()])
    return Buffer.concat([Buffer.of(FORMAT), uuidBytes(id), salt, nonce, commitment, ciphertext, cipher.getAuthTag()])
  }

  /**
   * @returns the plaintext
   * @throws {SealBroken} when the bytes were not sealed for this place, or were changed
   */
  open(sealed: Uint8Array, place: Place): string {
    const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength)
    const where = `${place.table}.${place.column} of ${place.row}`
    if (bytes.length < HEADER + TAG || bytes[0] !== FORMAT)
      throw new SealBroken(`The sealed value in ${where} is not in a known format.`)
    const { key, commitment } = this.derive(uuidText(bytes.subarray(1, 17)), bytes.subarray(17, 33), where)
    if (!timingSafeEqual(commitment, bytes.subarray(45, HEADER)))
      throw new SealBroken(`The sealed value in ${where} was sealed under another key.`)
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(33, 45), { authTagLength: TAG })
      .setAAD(associatedData(place))
      .setAuthTag(bytes.subarray(bytes.length - TAG))
    try {
      return unpad(Buffer.concat([decipher.update(bytes.subarray(HEADER, bytes.length - TAG)), decipher.final()]))
    } catch (cause) {
      throw new SealBroken(`The sealed value in ${where} is damaged or was made for another place.`, { cause })
    }
  }

  /**
   * A key to authenticate with, for what is not secret and has to be found out when it changes.
   *
   * @param purpose one key for each
   * @param id of the data key that it is derived from; the current one by default
   * @returns the key, and the id to ask for it again; null where this process does not know that data key
   */
  authenticationKey(purpose: string, id = this.dataKeys.current.id): { id: string; key: KeyObject } | null {
    const dataKey = this.dataKeys.get(id)
    const key = dataKey ? authenticationKey(dataKey, purpose) : this.dataKeys.keptOf(id, purpose)
    return key ? { id, key } : null
  }

  private derive(dataKeyId: string, salt: Buffer, where = 'a new value') {
    const dataKey = this.dataKeys.get(dataKeyId)
    if (!dataKey) throw new SealBroken(`The data key ${dataKeyId} of ${where} is not known to this process.`)
    return this.derived.get(`${dataKeyId}${salt.toString('latin1')}`, () => {
      const derived = Buffer.from(hkdfSync('sha256', dataKey, salt, 'valetkey value v1', 64))
      return { key: createSecretKey(derived.subarray(0, 32)), commitment: derived.subarray(32) }
    })
  }
}

/** Each part is preceded by its length, so that no two places give the same bytes. */
function associatedData({ table, column, row, version }: Place): Buffer {
  const parts = ['v1', table, column, row, version === undefined ? '' : String(version)].map((part) =>
    Buffer.from(part),
  )
  return Buffer.concat(parts.flatMap((part) => [Buffer.of(part.length >> 8, part.length & 255), part]))
}

function pad(plaintext: string): Buffer {
  const bytes = Buffer.from(plaintext)
  const padded = Buffer.alloc(Math.ceil((4 + bytes.length) / PADDING) * PADDING)
  padded.writeUInt32BE(bytes.length)
  bytes.copy(padded, 4)
  return padded
}

function unpad(padded: Buffer): string {
  return padded.toString('utf8', 4, 4 + padded.readUInt32BE())
}

function uuidBytes(uuid: string): Buffer {
  return Buffer.from(uuid.replaceAll('-', ''), 'hex')
}

function uuidText(bytes: Buffer): string {
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
