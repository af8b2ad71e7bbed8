import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'

/** A connector that a developer created over the API, as its author wrote it. It was valid when it was stored. */
@Entity()
export class CustomConnector {
  @PrimaryKey({ type: 'string', length: 63 })
  readonly key: string

  /** Not jsonb: the order of keys is the author's, and the first environment is the default. */
  @Property({ type: 'json', columnType: 'json' })
  definition: Record<string, unknown>

  @Property({ type: 'integer' })
  version = 1

  @Property({ type: 'datetime', length: 3 })
  readonly createdAt: Date = new Date()

  @Property({ type: 'datetime', length: 3 })
  updatedAt: Date = new Date()

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
