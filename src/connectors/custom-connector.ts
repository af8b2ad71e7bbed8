import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { clock } from '../clock.js'

/** The definition of a connector that was created over the API. It was valid when it was stored. */
@Entity()
export class CustomConnector {
  @PrimaryKey({ type: 'string', length: 63 })
  readonly key: string

  /** Not jsonb, which does not keep the order of keys: the first environment is the default. */
  @Property({ type: 'json', columnType: 'json' })
  definition: Record<string, unknown>

  @Property({ type: 'integer' })
  version = 1

  @Property({ type: 'datetime', length: 3 })
  readonly createdAt: Date = clock.now()

  @Property({ type: 'datetime', length: 3 })
  updatedAt: Date = clock.now()

  constructor(key: string, definition: Record<string, unknown>) {
    this.key = key
    this.definition = definition
  }

  redefined(definition: Record<string, unknown>, now: Date) {
    this.definition = definition
    this.version += 1
    this.updatedAt = now
  }
}
