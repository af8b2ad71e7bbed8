import { PrimaryKeyProp, type Ref } from '@mikro-orm/core'
import { Entity, Index, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { Connection } from '../connections/connection.js'

/**
 * A slot for one of the refreshes of a connection that may be under way at once, over all replicas. This
 * class only declares the table: lease.ts and circuit.ts read and write it in SQL, by the database's clock.
 */
@Entity()
export class RefreshSlot {
  @ManyToOne({ entity: () => Connection, primary: true, ref: true, deleteRule: 'cascade', joinColumn: 'connection_id' })
  readonly connection!: Ref<Connection>

  /** Counts from 1. While the circuit is open, only slot 1 may be taken: by the probe. */
  @PrimaryKey({ type: 'smallint' })
  readonly slot!: number;

  [PrimaryKeyProp]?: ['connection', 'slot']

  /** The account that is being refreshed in this slot; null where it is free. */
  @Index()
  @Property({ type: 'uuid', nullable: true })
  readonly holder!: string | null

  /** The process that took it: a start takes back what an earlier one had. */
  @Property({ type: 'uuid', nullable: true })
  readonly owner!: string | null

  @Property({ type: 'datetime', length: 3, nullable: true, fieldName: 'until' })
  readonly until!: Date | null
}
