import type { Ref } from '@mikro-orm/core'
import { Entity, OneToOne, Property } from '@mikro-orm/decorators/legacy'
import { ConnectedAccount } from '../connected-accounts/connected-account.js'

/**
 * Who is refreshing an account, until when, and when to try again. This class only describes the
 * table: lease.ts reads and writes it, in SQL, by the database's clock.
 */
@Entity()
export class RefreshLease {
  @OneToOne({
    entity: () => ConnectedAccount,
    primary: true,
    owner: true,
    ref: true,
    deleteRule: 'cascade',
    joinColumn: 'account_id',
  })
  readonly account!: Ref<ConnectedAccount>

  @Property({ type: 'uuid', nullable: true })
  readonly owner!: string | null

  @Property({ type: 'datetime', length: 3, nullable: true, fieldName: 'until' })
  readonly until!: Date | null

  /** Counts the claims: a later one has the higher fence. */
  @Property({ type: 'integer', default: 0 })
  readonly fence!: number

  /** A request may be under way, or its outcome unknown. */
  @Property({ type: 'boolean', default: false })
  readonly inFlight!: boolean

  /** The refresh that is under way, or was last, took over from one whose outcome nobody knows. */
  @Property({ type: 'boolean', default: false })
  readonly takeover!: boolean

  /** When the provider refused the grant while it refused suspiciously many; held against it if it still does later. */
  @Property({ type: 'datetime', length: 3, nullable: true })
  readonly refusedAt!: Date | null

  @Property({ type: 'integer', default: 0 })
  readonly fails!: number

  @Property({ type: 'datetime', length: 3, nullable: true })
  readonly nextAttemptAt!: Date | null

  @Property({ type: 'text', nullable: true })
  readonly lastError!: string | null
}
