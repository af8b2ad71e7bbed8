import type { Ref } from '@mikro-orm/core'
import { Entity, Index, OneToOne, Property } from '@mikro-orm/decorators/legacy'
import { ConnectedAccount } from '../connected-accounts/connected-account.js'

/**
 * The lease of an account's refresh: its owner, its end, and the time of the next attempt. This class only
 * declares the table. lease.ts reads and writes it in SQL by the database's clock, so that no flush of an
 * entity that was loaded earlier can undo a claim.
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

  /** A request is under way, or its outcome is unknown. */
  @Property({ type: 'boolean', default: false })
  readonly inFlight!: boolean

  /** The current or last refresh followed one whose outcome is unknown. */
  @Property({ type: 'boolean', default: false })
  readonly takeover!: boolean

  /** When the provider refused the grant while it refused suspiciously many; held against it if it still does later. */
  @Index()
  @Property({ type: 'datetime', length: 3, nullable: true })
  readonly refusedAt!: Date | null

  /** When the latest claim was made: a provider's grace for a used token counts from there. */
  @Property({ type: 'datetime', length: 3, nullable: true })
  readonly sentAt!: Date | null

  /** Two things that the provider said contradict each other: the stored token has to be tried before it counts. */
  @Property({ type: 'boolean', default: false })
  readonly doubted!: boolean

  /** Refusals in a row that are not believed yet. */
  @Property({ type: 'integer', default: 0 })
  readonly rejections!: number

  @Property({ type: 'integer', default: 0 })
  readonly fails!: number

  @Property({ type: 'datetime', length: 3, nullable: true })
  readonly nextAttemptAt!: Date | null

  @Property({ type: 'text', nullable: true })
  readonly lastError!: string | null
}
