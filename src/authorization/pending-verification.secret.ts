import { type Ref, ref } from '@mikro-orm/core'
import { Entity, Enum, Index, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { AccountStatus } from '../connected-accounts/connected-account.js'
import type { Registration } from '../connections/registration.js'
import type { NewGrant } from '../credentials/grant.js'
import { newUuid, toTypeId } from '../ids.js'
import { withDates } from '../oauth/token-endpoint/token-set.js'
import type { SealedTable } from '../vault/sealed-tables.js'
import type { Place, Vault } from '../vault/vault.js'
import { AuthorizationLink } from './authorization-link.js'

const place = (row: string): Place => ({ table: 'pending_verification', column: 'sealed', row })

/** Where this table holds sealed values. */
export const SEALED_GRANTS: SealedTable = {
  table: 'pending_verification',
  key: { id: 'uuid' },
  columns: ['sealed'],
  place: ({ id }) => place(String(id)),
}

/** Set once, by the application's verification or by its timeout. */
export enum VerificationStatus {
  PENDING = 'PENDING',
  VERIFIED = 'VERIFIED',
  FAILED = 'FAILED',
}

/** A grant with the form values, as it is stored until the application verifies the user. */
export type HeldGrant = NewGrant & {
  values: Record<string, string>
  /** Of the connection that it was given to; a grant that an earlier version holds has none. */
  registration?: Registration
}

/**
 * A grant that has no effect yet: encrypted, out of reach of every query, and erased when the verification
 * succeeds, fails or times out. The account's earlier credentials stay valid meanwhile.
 */
@Entity()
export class PendingVerification {
  @PrimaryKey({ type: 'uuid', fieldName: 'id' })
  readonly uuid: string = newUuid()

  get id(): string {
    return toTypeId('authz', this.uuid)
  }

  @ManyToOne({ entity: () => AuthorizationLink, ref: true, joinColumn: 'link_id', deleteRule: 'cascade' })
  readonly link!: Ref<AuthorizationLink>

  @Enum({ items: () => VerificationStatus })
  status: VerificationStatus = VerificationStatus.PENDING

  /** The account's status before the verification; null where its status did not change. */
  @Enum({ items: () => AccountStatus, nullable: true })
  readonly before: AccountStatus | null

  @Property({ type: 'blob', nullable: true, hidden: true })
  private sealed: Buffer | null

  @Index()
  @Property({ type: 'datetime', length: 3 })
  readonly expiresAt: Date

  constructor(link: AuthorizationLink, grant: HeldGrant, before: AccountStatus | null, expiresAt: Date, vault: Vault) {
    this.link = ref(link)
    this.before = before
    this.expiresAt = expiresAt
    this.sealed = vault.seal(JSON.stringify(grant), place(this.uuid))
  }

  /** Decrypts the grant. @returns null where it was erased @throws {SealBroken} */
  open(vault: Vault): HeldGrant | null {
    if (!this.sealed) return null
    const grant = JSON.parse(vault.open(this.sealed, place(this.uuid))) as HeldGrant
    return { ...grant, tokens: withDates(grant.tokens) }
  }

  /** Stores the verdict and erases the grant. */
  decided(status: VerificationStatus.VERIFIED | VerificationStatus.FAILED) {
    this.status = status
    this.sealed = null
  }
}
