import { PrimaryKeyProp } from '@mikro-orm/core'
import { Entity, Index, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'

/** A record of the playground's provider. This class only declares the table; store.ts uses it in SQL. */
@Entity()
export class PlaygroundRecord {
  [PrimaryKeyProp]?: ['model', 'id']

  @PrimaryKey({ type: 'string', length: 40 })
  readonly model!: string

  @PrimaryKey({ type: 'string' })
  readonly id!: string

  @Property({ type: 'json' })
  readonly payload!: object

  @Index()
  @Property({ type: 'string', nullable: true })
  readonly grantId!: string | null

  @Index()
  @Property({ type: 'string', nullable: true })
  readonly uid!: string | null

  @Property({ type: 'string', nullable: true })
  readonly userCode!: string | null

  @Property({ type: 'datetime', length: 3, nullable: true })
  readonly consumedAt!: Date | null

  @Property({ type: 'datetime', length: 3, nullable: true })
  readonly expiresAt!: Date | null
}
