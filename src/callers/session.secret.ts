import { Entity, Index, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy'
import { newUuid } from '../ids.js'

/** A session of the dashboard. Of the browser's token and the API key it holds only hashes. */
@Entity()
export class Session {
  @PrimaryKey({ type: 'uuid', fieldName: 'id' })
  readonly uuid: string = newUuid()

  /** SHA-256 of the key that the person signed in with. */
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

  /** SHA-256 of the token before the last rotation: requests that were under way then are still accepted. */
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
