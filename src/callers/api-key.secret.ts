import { type Ref, ref } from '@mikro-orm/core'
import { Entity, OneToOne, Property, Unique } from '@mikro-orm/decorators/legacy'
import { ApiKey } from './api-key.js'

/** The hash that an API key is verified with. The key itself is stored nowhere. */
@Entity()
export class ApiKeySecret {
  @OneToOne({
    entity: () => ApiKey,
    primary: true,
    owner: true,
    ref: true,
    deleteRule: 'cascade',
    joinColumn: 'api_key_id',
  })
  readonly apiKey!: Ref<ApiKey>

  @Unique()
  @Property({ type: 'string', length: 8 })
  lookup: string

  @Property({ type: 'blob', hidden: true })
  hash: Buffer

  /** The secret before the last rotation, which is taken until `previousUntil`. */
  @Unique()
  @Property({ type: 'string', length: 8, nullable: true })
  previousLookup: string | null = null

  @Property({ type: 'blob', hidden: true, nullable: true })
  previousHash: Buffer | null = null

  @Property({ type: 'datetime', length: 3, nullable: true })
  previousUntil: Date | null = null

  constructor(apiKey: ApiKey, lookup: string, hash: Buffer) {
    this.apiKey = ref(apiKey)
    this.lookup = lookup
    this.hash = hash
  }

  /** Replaces the secret; the former one is taken until `until`. */
  rotate(lookup: string, hash: Buffer, until: Date) {
    this.previousLookup = this.lookup
    this.previousHash = this.hash
    this.previousUntil = until
    this.lookup = lookup
    this.hash = hash
  }
}
