import { PrimaryKeyProp } from '@mikro-orm/core'
import { Entity, Index, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'

/**
 * A provider's answer to a refresh, between its arrival and its commit, or until it is settled which of two
 * answers is the newer. It has no foreign key: the row of the account may be locked when it is written. This
 * class only describes the table: answers.ts reads and writes it, in SQL.
 */
@Entity()
export class RefreshAnswer {
  [PrimaryKeyProp]?: ['accountId', 'version', 'fence']

  @PrimaryKey({ type: 'uuid' })
  readonly accountId!: string

  /** Of the credential that the refresh consumed. */
  @PrimaryKey({ type: 'integer' })
  readonly version!: number

  /** Of the claim that it was sent under. */
  @PrimaryKey({ type: 'integer' })
  readonly fence!: number

  @Property({ type: 'blob', hidden: true })
  readonly sealed!: Buffer

  @Index()
  @Property({ type: 'datetime', length: 3 })
  readonly createdAt!: Date
}
