import { type Ref, ref } from '@mikro-orm/core'
import { Entity, OneToOne, Property, Unique } from '@mikro-orm/decorators/legacy'
import { ApiKey } from './api-key.js'

/** What tells a true API key from a guessed one: never more than its hash. */
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
  readonly lookup: string

  @Property({ type: 'blob', hidden: true })
  readonly hash: Buffer

  constructor(apiKey: ApiKey, lookup: string, hash: Buffer) {
    this.apiKey = ref(apiKey)
    this.lookup = lookup
    this.hash = hash
  }
}
