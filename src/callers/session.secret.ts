import { Entity, Index, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy'
import { newUuid } from '../ids.js'

/** Someone signed in to the dashboard: never more than hashes of what their browser holds. */
@Entity()
export class Session {
  @PrimaryKey({ type: 'uuid', fieldName: 'id' })
  readonly uuid: string = newUuid()

  /** SHA-256 of the key that was signed in with. */
  @Index()
  @Property({ type: 'blob', hidden: true })
  readonly keyHash!: Buffer

  /** Null for the admin key of the configuration. */
  @Property({ type: 'uuid', nullable: true })
  readonly apiKeyId!: string | null

  /** SHA-256 of the token in the cookie. */
  @Unique()
  @Property({ type: 'blob', hidden: true })
  readonly tokenHash!: Buffer

  /** The one before: what was under way when it was replaced is still served. */
  @Unique()
  @Property({ type: 'blob', nullable: true, hidden: true })
  readonly previousHash!: Buffer | null

  @Property({ type: 'datetime', length: 3 })
  readonly rotatedAt!: Date

  @Property({ type: 'datetime', length: 3 })
  readonly seenAt!: Date

  @Property({ type: 'datetime', length: 3 })
  readonly createdAt!: Date
}
