import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { clock } from '../clock.js'
import { newUuid } from '../ids.js'
import type { Wrapped } from './key-wrapping.js'

/** A data key, wrapped. Never an @ObjectType. */
@Entity()
export class DataKey {
  @PrimaryKey({ type: 'uuid', fieldName: 'id' })
  readonly uuid: string = newUuid()

  /** Of the key-encryption key that wrapped `wrapped` and `kept`. */
  @Property({ type: 'string', length: 32 })
  keyId!: string

  /** Null when it is retired: what it sealed can never be opened any more. */
  @Property({ type: 'blob', nullable: true, hidden: true })
  private wrapped: Buffer | null = null

  /** Of a retired one: the keys to authenticate with that were derived from it, by purpose. */
  @Property({ type: 'blob', nullable: true, hidden: true })
  private kept: Buffer | null = null

  @Property({ type: 'datetime', length: 3 })
  readonly createdAt: Date = clock.now()

  /** From when on it seals. Every process has to know it before. */
  @Property({ type: 'datetime', length: 3, defaultRaw: 'now()' })
  readonly usableFrom: Date

  /** When all that could be opened of what it sealed was last seen to be sealed by a newer one. */
  @Property({ type: 'datetime', length: 3, nullable: true })
  resealedAt: Date | null = null

  @Property({ type: 'datetime', length: 3, nullable: true })
  retiredAt: Date | null = null

  /** @param usableFrom by the database's clock */
  constructor(usableFrom: Date) {
    this.usableFrom = usableFrom
  }

  get dataKey(): Wrapped | null {
    return this.wrapped && { keyId: this.keyId, bytes: Buffer.from(this.wrapped) }
  }

  get keptKeys(): Wrapped | null {
    return this.kept && { keyId: this.keyId, bytes: Buffer.from(this.kept) }
  }

  /** Replaces what is wrapped. @param kept null where the key is in use */
  hold(dataKey: Wrapped | null, kept: Wrapped | null = null) {
    this.wrapped = dataKey?.bytes ?? null
    this.kept = kept?.bytes ?? null
    this.keyId = (dataKey ?? kept)?.keyId ?? this.keyId
  }

  /** Forgets the key, and keeps what authenticates. */
  retire(kept: Wrapped, now: Date) {
    this.hold(null, kept)
    this.retiredAt = now
  }
}
