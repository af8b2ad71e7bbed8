/**
 * One user's record on one connection. Everything in it is public: the secrets are in credential.secret.ts,
 * which refers to this class; this class does not refer to it.
 *
 *   PENDING_AUTHORIZATION ──granted──▶ ACTIVE ──refused──▶ REAUTHORIZATION_REQUIRED ──granted──▶ ACTIVE
 *   without a grant that works ──authorized──▶ PENDING_VERIFICATION ──verified──▶ ACTIVE, or the former status
 *   any but DISCONNECTED ──suspended──▶ SUSPENDED ──resumed──▶ the former status
 *   any ──disconnected──▶ DISCONNECTED ──granted──▶ ACTIVE
 *
 * A grant ends only when the provider refuses it: a transient failure does not change the status.
 */
import { type Ref, ref } from '@mikro-orm/core'
import { Entity, Enum, Index, ManyToOne, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy'
import { Field, ID, ObjectType, registerEnumType } from 'type-graphql'
import { clock } from '../clock.js'
import { Connection } from '../connections/connection.js'
import { ValetkeyError } from '../errors.js'
import { newUuid, toTypeId } from '../ids.js'
import type { Identity } from '../oauth/api/identity.js'
import { DateTime } from '../scalars.js'

export enum AccountStatus {
  PENDING_AUTHORIZATION = 'PENDING_AUTHORIZATION',
  PENDING_VERIFICATION = 'PENDING_VERIFICATION',
  ACTIVE = 'ACTIVE',
  REAUTHORIZATION_REQUIRED = 'REAUTHORIZATION_REQUIRED',
  SUSPENDED = 'SUSPENDED',
  DISCONNECTED = 'DISCONNECTED',
}
registerEnumType(AccountStatus, {
  name: 'ConnectedAccountStatus',
  valuesConfig: {
    PENDING_VERIFICATION: { description: 'Authorized at the provider; waiting for verifyAuthorization.' },
    REAUTHORIZATION_REQUIRED: {
      description: 'The grant is gone (revoked, expired, refused); only the user can restore it.',
    },
    SUSPENDED: { description: 'Paused by an administrator; the credentials are still stored.' },
    DISCONNECTED: { description: 'Ended; credentials revoked at the provider where possible, and erased here.' },
  },
})

/** The identity of an account at the provider. */
@ObjectType({ description: 'Who the provider says this is.' })
export class ProviderIdentity {
  @Field(() => String)
  readonly subject!: string
  @Field(() => String, { nullable: true })
  readonly email!: string | null
  @Field(() => String, { nullable: true })
  readonly name!: string | null
  @Field(() => String, {
    nullable: true,
    description: 'What else the account is bound to at the provider, such as the id of a company or a workspace.',
  })
  readonly tenant?: string | null
}

/** The outcome of an account's last refresh. */
@ObjectType({ description: 'How the latest refresh ended.' })
export class RefreshOutcome {
  @Field(() => DateTime)
  readonly at!: Date
  @Field(() => Boolean)
  readonly succeeded!: boolean
  @Field(() => String, {
    nullable: true,
    description: "The provider's own error code, verbatim, such as invalid_grant.",
  })
  readonly providerError!: string | null
  @Field(() => String, { nullable: true })
  readonly message!: string | null
}

/** The row of a connected account, and its transitions: no other code assigns `status`. */
@Entity()
@Unique({ properties: ['connection', 'identifier'] })
@Index({ properties: ['createdAt', 'uuid'] })
@Index({ properties: ['status'] })
@ObjectType({ description: "One user's credentials on one connection." })
export class ConnectedAccount {
  @PrimaryKey({ type: 'uuid', fieldName: 'id' })
  readonly uuid: string = newUuid()

  @Field(() => ID)
  get id(): string {
    return toTypeId('acct', this.uuid)
  }

  @ManyToOne({ entity: () => Connection, ref: true, joinColumn: 'connection_id', deleteRule: 'restrict' })
  readonly connection!: Ref<Connection>

  @Field(() => String, { description: "The application's own name for the user, unique within the connection." })
  @Property({ type: 'string', length: 256 })
  readonly identifier: string

  @Field(() => AccountStatus)
  @Enum({ items: () => AccountStatus })
  status: AccountStatus = AccountStatus.PENDING_AUTHORIZATION

  @Field(() => String, {
    nullable: true,
    description: 'The reason for the status, in a sentence; null where there is none.',
  })
  @Property({ type: 'text', nullable: true })
  statusReason: string | null = null

  @Field(() => DateTime)
  @Property({ type: 'datetime', length: 3 })
  statusChangedAt: Date = clock.now()

  /** The status before the suspension. */
  @Enum({ items: () => AccountStatus, nullable: true })
  suspendedFrom: AccountStatus | null = null

  @Field(() => [String])
  @Property({ type: 'string[]', columnType: 'text[]' })
  requestedScopes: string[] = []

  @Field(() => [String])
  @Property({ type: 'string[]', columnType: 'text[]' })
  grantedScopes: string[] = []

  /** What the user was asked for and did not grant; the API adds what the connection asks for by now. */
  get missingScopes(): string[] {
    return this.missingOf(this.requestedScopes)
  }

  /** @returns those of these scopes that are not granted */
  missingOf(scopes: readonly string[]): string[] {
    return scopes.filter((scope) => !this.grantedScopes.includes(scope))
  }

  @Property({ type: 'json', nullable: true })
  identity: Identity | null = null

  /** Values of the account form's fields that are not secret, by field key. */
  @Property({ type: 'json' })
  values: Record<string, string> = {}

  /** Keys of the secret fields that hold a value. */
  @Property({ type: 'string[]', columnType: 'text[]' })
  secretsSet: string[] = []

  /** The application's own notes. */
  @Property({ type: 'json' })
  metadata: Record<string, unknown> = {}

  /**
   * Version of the last erased credential. The next credential continues from it, so that the late answer of
   * an earlier refresh cannot match its version.
   */
  @Property({ type: 'integer', default: 0 })
  erasedVersion = 0

  @Field(() => DateTime, {
    nullable: true,
    description: 'When the current access token expires; null where unknown or not applicable.',
  })
  @Property({ type: 'datetime', length: 3, nullable: true })
  tokenExpiresAt: Date | null = null

  @Field(() => DateTime, {
    nullable: true,
    description: 'When the user has to authorize again at the latest; null where unknown.',
  })
  @Property({ type: 'datetime', length: 3, nullable: true })
  reauthorizationDueAt: Date | null = null

  @Field(() => DateTime, { nullable: true })
  @Property({ type: 'datetime', length: 3, nullable: true })
  lastTokenReadAt: Date | null = null

  @Property({ type: 'json', nullable: true })
  refreshOutcome: { at: string; succeeded: boolean; providerError: string | null; message: string | null } | null = null

  @Field(() => RefreshOutcome, { nullable: true })
  get lastRefresh(): RefreshOutcome | null {
    return this.refreshOutcome && { ...this.refreshOutcome, at: new Date(this.refreshOutcome.at) }
  }

  @Field(() => DateTime)
  @Property({ type: 'datetime', length: 3 })
  readonly createdAt: Date = clock.now()

  @Field(() => DateTime)
  @Property({ type: 'datetime', length: 3, onUpdate: () => clock.now() })
  updatedAt: Date = clock.now()

  constructor(connection: Connection, identifier: string) {
    this.connection = ref(connection)
    this.identifier = identifier
    this.requestedScopes = connection.scopes
  }

  /** A new grant was stored. A suspended account stays suspended, and becomes ACTIVE when it is resumed. */
  granted(
    grant: {
      requestedScopes: string[]
      grantedScopes: string[]
      expiresAt: Date | null
      reauthorizationDueAt: Date | null
      identity: Identity | null
      note: string | null
    },
    now: Date,
  ) {
    this.requestedScopes = grant.requestedScopes
    this.grantedScopes = grant.grantedScopes
    this.tokenExpiresAt = grant.expiresAt
    this.reauthorizationDueAt = grant.reauthorizationDueAt
    this.identity = grant.identity ?? this.identity
    if (this.status === AccountStatus.SUSPENDED) this.suspendedFrom = AccountStatus.ACTIVE
    else this.become(AccountStatus.ACTIVE, grant.note, now)
  }

  /** A refresh succeeded. Null means unchanged for `grantedScopes` and `reauthorizationDueAt`. */
  refreshed(
    grant: { grantedScopes: string[] | null; expiresAt: Date | null; reauthorizationDueAt: Date | null },
    now: Date,
  ) {
    this.grantedScopes = grant.grantedScopes ?? this.grantedScopes
    this.tokenExpiresAt = grant.expiresAt
    this.reauthorizationDueAt = grant.reauthorizationDueAt ?? this.reauthorizationDueAt
    this.refreshOutcome = { at: now.toISOString(), succeeded: true, providerError: null, message: null }
  }

  /** A refresh failed without ending the grant: it only shows in lastRefresh. */
  refreshFailed(message: string, providerError: string | null, now: Date) {
    this.refreshOutcome = { at: now.toISOString(), succeeded: false, providerError, message }
  }

  /** A grant that counted as ended renews after all. */
  revived(now: Date) {
    if (this.status === AccountStatus.REAUTHORIZATION_REQUIRED) this.become(AccountStatus.ACTIVE, null, now)
    else if (this.suspendedFrom === AccountStatus.REAUTHORIZATION_REQUIRED) this.suspendedFrom = AccountStatus.ACTIVE
  }

  /** The provider ended the grant. @param reason its words */
  refused(reason: string, now: Date) {
    this.tokenExpiresAt = null
    if (this.status === AccountStatus.SUSPENDED) this.suspendedFrom = AccountStatus.REAUTHORIZATION_REQUIRED
    else if (this.status === AccountStatus.ACTIVE) this.become(AccountStatus.REAUTHORIZATION_REQUIRED, reason, now)
  }

  /**
   * A user authorized, and the application has to verify who it was. An account with a working grant keeps
   * its status and its grant meanwhile.
   *
   * @returns the former status, for `notVerified`; null where the status did not change
   */
  awaitsVerification(now: Date): AccountStatus | null {
    const before = this.status
    if (
      ![
        AccountStatus.PENDING_AUTHORIZATION,
        AccountStatus.REAUTHORIZATION_REQUIRED,
        AccountStatus.DISCONNECTED,
      ].includes(before)
    )
      return null
    this.become(
      AccountStatus.PENDING_VERIFICATION,
      'Authorized at the provider; the application has not confirmed yet who it was.',
      now,
    )
    return before
  }

  /** The verification failed or timed out: the former status returns. */
  notVerified(before: AccountStatus, reason: string, now: Date) {
    if (this.status === AccountStatus.PENDING_VERIFICATION) this.become(before, reason, now)
  }

  /** The user declined at the provider. An existing grant stays. */
  declined(reason: string, now: Date) {
    if (this.status === AccountStatus.PENDING_AUTHORIZATION) this.become(this.status, reason, now)
  }

  /** @throws {ValetkeyError} CONFLICT for a disconnected account */
  suspended(now: Date) {
    if (this.status === AccountStatus.SUSPENDED) return
    if (this.status === AccountStatus.DISCONNECTED)
      throw new ValetkeyError('CONFLICT', 'This account is disconnected; there is nothing to suspend.')
    this.suspendedFrom = this.status
    this.become(AccountStatus.SUSPENDED, 'An administrator paused this account.', now)
  }

  /** @throws {ValetkeyError} CONFLICT for an account that is neither suspended nor active */
  resumed(now: Date) {
    if (this.status !== AccountStatus.SUSPENDED) {
      if (this.status === AccountStatus.ACTIVE) return
      throw new ValetkeyError('CONFLICT', `This account is not suspended; its status is ${this.status}.`)
    }
    const before = this.suspendedFrom ?? AccountStatus.PENDING_AUTHORIZATION
    this.become(before, before === AccountStatus.REAUTHORIZATION_REQUIRED ? this.refusal() : null, now)
    this.suspendedFrom = null
  }

  /** The credentials were erased. */
  disconnected(now: Date) {
    this.secretsSet = []
    this.grantedScopes = []
    this.identity = null
    this.tokenExpiresAt = null
    this.reauthorizationDueAt = null
    this.suspendedFrom = null
    if (this.status !== AccountStatus.DISCONNECTED)
      this.become(AccountStatus.DISCONNECTED, 'The account was disconnected.', now)
  }

  /** What the provider said of a grant that ended while the account was paused. */
  private refusal(): string {
    const said = this.refreshOutcome?.succeeded === false ? this.refreshOutcome.message : null
    return said ?? 'The grant ended while the account was paused.'
  }

  private become(status: AccountStatus, reason: string | null, now: Date) {
    this.status = status
    this.statusReason = reason
    this.statusChangedAt = now
  }
}
