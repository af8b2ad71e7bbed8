import { PrimaryKeyProp, type Ref } from '@mikro-orm/core'
import { Entity, Index, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { Connection } from '../connections/connection.js'

/**
 * A place among the refreshes of a connection that may be under way at once, over all replicas. This
 * class only describes the table: lease.ts and circuit.ts read
 * and write it, in SQL, by the database's clock.
 */
@Entity()
export class RefreshSlot {
  @ManyToOne({ entity: () => Connection, primary: true, ref: true, deleteRule: 'cascade', joinColumn: 'connection_id' })
  readonly connection!: Ref<Connection>

  /** From 1; the first is the one that probes a provider in trouble. */
  @PrimaryKey({ type: 'smallint' })
  readonly slot!: number;

  [PrimaryKeyProp]?: ['connection', 'slot']

  /** The account that is being refreshed, and until when its place is kept. */
  @Index()
  @Property({ type: 'uuid', nullable: true })
  readonly holder!: string | null

  @Property({ type: 'datetime', length: 3, nullable: true, fieldName: 'until' })
  readonly until!: Date | null
}
