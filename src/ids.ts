import { randomUUIDv7 } from 'node:crypto'
import { TypeID } from 'typeid-js'
import { BoundedCache } from './bounded-cache.js'

/** Prefixes of public ids. These are TypeIDs: a prefix and a UUIDv7; the database stores only the uuid. */
export type IdPrefix = 'conn' | 'acct' | 'link' | 'authz' | 'choice' | 'key' | 'evt'

/** A new UUIDv7 with hyphens, which sorts by its time of creation. */
export function newUuid(): string {
  return randomUUIDv7()
}

/** The public id of a `uuid`, such as `conn_01h455vb4pex5vsknk084sn02q`. */
export function toTypeId(prefix: IdPrefix, uuid: string): string {
  return written.get(`${prefix}_${uuid}`, () => TypeID.fromUUID(prefix, uuid).toString())
}

/** Each token query writes the ids of an account and of a key: mostly those of the last ones. */
const written = new BoundedCache<string>(10_000, 1_000_000)

/** The uuid of a public id with this prefix; null for any other text. */
export function fromTypeId(prefix: IdPrefix, id: string): string | null {
  if (id.length !== prefix.length + 27) return null
  try {
    return TypeID.fromString(id, prefix).toUUID()
  } catch {
    return null
  }
}
