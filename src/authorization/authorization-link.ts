/**
 * A link that takes one user through authorization, once, before it expires.
 *
 *   OPEN ──the user comes back with a grant──▶ USED
 *   OPEN ──revoked──▶ REVOKED        OPEN ──time──▶ EXPIRED
 *
 * A GET of the link changes nothing, since mail scanners and link previews fetch every address.
 */
import { type Ref, ref } from '@mikro-orm/core'
import { Entity, Index, ManyToOne, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy'
import { Field, ID, ObjectType, registerEnumType } from 'type-graphql'
import { clock } from '../clock.js'
import { ConnectedAccount } from '../connected-accounts/connected-account.js'
import { newUuid, toTypeId } from '../ids.js'
import { DateTime, GraphQLURL } from '../scalars.js'

export enum AuthorizationLinkStatus {
  OPEN = 'OPEN',
  USED = 'USED',
  EXPIRED = 'EXPIRED',
  REVOKED = 'REVOKED',
}
registerEnumType(AuthorizationLinkStatus, { name: 'AuthorizationLinkStatus' })

/** The row of an authorization link. */
@Entity()
@ObjectType({
  description: 'A single-use, expiring link that takes a user through authorization, whatever the auth type.',
})
export class AuthorizationLink {
  @PrimaryKey({ type: 'uuid', fieldName: 'id' })
  readonly uuid: string = newUuid()

  @Field(() => ID)
  get id(): string {
    return toTypeId('link', this.uuid)
  }

  /** Set only on the object that startAuthorization returns; not stored. */
  @Field(() => GraphQLURL, {
    nullable: true,
    description: 'Shown once, in the answer to startAuthorization; null afterwards.',
  })
  url?: string | null

  /** SHA-256 of the address's token, which has 256 random bits. */
  @Unique()
  @Property({ type: 'blob', hidden: true })
  readonly tokenHash: Buffer

  @Index()
  @ManyToOne({ entity: () => ConnectedAccount, ref: true, joinColumn: 'account_id', deleteRule: 'cascade' })
  readonly accountRef!: Ref<ConnectedAccount>

  @Field(() => [String])
  @Property({ type: 'string[]', columnType: 'text[]' })
  readonly scopes: string[]

  @Property({ type: 'text', nullable: true })
  readonly returnUrl: string | null

  /** Where the application verifies its user; null where the connection does not demand that. */
  @Property({ type: 'text', nullable: true })
  readonly verifyUrl: string | null

  /** Account form values set by the application; the page does not show fields for them. */
  @Property({ type: 'json', defaultRaw: "'{}'" })
  readonly values: Record<string, string>

  /** Id of the tenant to take where a grant opens several; null where its user chooses. */
  @Property({ type: 'text', nullable: true })
  readonly tenant: string | null

  /** Opaque value of the application, returned unchanged on its URLs. */
  @Property({ type: 'text', nullable: true })
  readonly state: string | null

  @Field(() => DateTime)
  @Property({ type: 'datetime', length: 3 })
  readonly expiresAt: Date

  @Property({ type: 'datetime', length: 3, nullable: true })
  usedAt: Date | null = null

  @Property({ type: 'datetime', length: 3, nullable: true })
  revokedAt: Date | null = null

  /** Number of times that the link's form was submitted. */
  @Property({ type: 'integer' })
  attempts = 0

  @Field(() => DateTime)
  @Property({ type: 'datetime', length: 3 })
  readonly createdAt: Date = clock.now()

  constructor(
    account: ConnectedAccount,
    values: Pick<
      AuthorizationLink,
      'tokenHash' | 'scopes' | 'returnUrl' | 'verifyUrl' | 'values' | 'tenant' | 'state' | 'expiresAt'
    >,
  ) {
    this.accountRef = ref(account)
    this.tokenHash = values.tokenHash
    this.scopes = values.scopes
    this.returnUrl = values.returnUrl
    this.verifyUrl = values.verifyUrl
    this.values = values.values
    this.tenant = values.tenant
    this.state = values.state
    this.expiresAt = values.expiresAt
  }

  @Field(() => AuthorizationLinkStatus)
  get status(): AuthorizationLinkStatus {
    if (this.usedAt) return AuthorizationLinkStatus.USED
    if (this.revokedAt) return AuthorizationLinkStatus.REVOKED
    return this.expiresAt <= clock.now() ? AuthorizationLinkStatus.EXPIRED : AuthorizationLinkStatus.OPEN
  }

  /** Marks the link as used. */
  used(now: Date) {
    this.usedAt = now
  }

  /** Marks the link as revoked, unless it was used before. */
  revoked(now: Date) {
    if (!this.usedAt) this.revokedAt ??= now
  }
}
