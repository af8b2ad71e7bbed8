import { Entity, Index, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'

/** A counter of limits.ts, which reads and writes it in SQL. The table is unlogged: a crash may forget it. */
@Entity()
export class LimitCount {
  /** What is counted and for whom, such as `stranger:192.0.2.7`. */
  @PrimaryKey({ type: 'text' })
  readonly subject!: string

  @Property({ type: 'integer' })
  readonly count!: number

  @Index()
  @Property({ type: 'datetime', length: 3 })
  readonly until!: Date
}
