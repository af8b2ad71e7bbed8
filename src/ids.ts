import { TypeID, typeidUnboxed } from 'typeid-js'

/** Prefixes of the ids that callers see: TypeIDs, a prefix and a UUIDv7; the database stores the uuid. */
export type IdPrefix = 'conn' | 'acct' | 'link' | 'authz' | 'key' | 'evt'

/** A new UUIDv7 in its usual spelling: sorts by the time of its making. */
export function newUuid(): string {
  return TypeID.fromString(typeidUnboxed('x')).toUUID()
}

/** `uuid` as callers see it, such as `conn_01h455vb4pex5vsknk084sn02q`. */
export function toTypeId(prefix: IdPrefix, uuid: string): string {
  return TypeID.fromUUID(prefix, uuid).toString()
}

/** The uuid of a TypeID with this prefix; null for anything else, however malformed. */
export function fromTypeId(prefix: IdPrefix, id: string): string | null {
  if (id.length !== prefix.length + 27) return null
  try {
    return TypeID.fromString(id, prefix).toUUID()
  } catch {
    return null
  }
}
