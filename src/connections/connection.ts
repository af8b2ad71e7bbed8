/**
 * A connection: a connector as a developer configured it, once for all users.
 *
 *   DRAFT ──every required field is set──▶ ACTIVE ◀──works again── MISCONFIGURED
 *     ▲                                     │  │                      ▲
 *     └────────a required field is cleared──┘  └─the provider refuses the OAuth client
 *   any ──disabled──▶ DISABLED ──enabled──▶ DRAFT or ACTIVE
 *
 * The secrets are in connection.secret.ts, which refers to this class; this class does not refer to it.
 */
import { Entity, Enum, Index, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy'
import { Field, ID, ObjectType, registerEnumType } from 'type-graphql'
import { clock } from '../clock.js'
import { ValetkeyError } from '../errors.js'
import { newUuid, toTypeId } from '../ids.js'
import { DateTime } from '../scalars.js'
import { type ConnectionKeepAlive, type KeepAliveMeasure, ROUNDS_A_DAY } from './keep-alive-measure.js'

export enum ConnectionStatus {
  DRAFT = 'DRAFT',
  ACTIVE = 'ACTIVE',
  MISCONFIGURED = 'MISCONFIGURED',
  DISABLED = 'DISABLED',
}
registerEnumType(ConnectionStatus, {
  name: 'ConnectionStatus',
  valuesConfig: {
    DRAFT: {
      description: 'Created, but a required field is still missing; its redirect URI can already be registered.',
    },
    MISCONFIGURED: {
      description: "The provider refused the connection's OAuth client; its accounts are not at fault.",
    },
    DISABLED: { description: 'Switched off by an administrator: no authorization and no token.' },
  },
})

export enum UserVerification {
  CONFIRM = 'CONFIRM',
  APPLICATION = 'APPLICATION',
  NONE = 'NONE',
}
registerEnumType(UserVerification, {
  name: 'UserVerification',
  description: 'Which user must have completed an authorization before it takes effect.',
  valuesConfig: {
    CONFIRM: { description: 'A hosted page names the intended user and asks for confirmation. The default.' },
    APPLICATION: {
      description: 'The application must call verifyAuthorization with the user of its own session.',
    },
    NONE: { description: 'Whoever holds the link.' },
  },
})

/** The caller that started a deletion, for the audit log. */
export interface DeletedBy {
  actor: string
  ipAddress: string | null
  requestId: string
}

/** Milliseconds after which a MISCONFIGURED connection is tried again. */
const PROBE_EVERY = 30_000

/** The row of a connection, and its transitions: no other code assigns `status`. */
@Entity()
@Index({ properties: ['createdAt', 'uuid'] })
@ObjectType({
  description:
    'A connector as one developer set it up: OAuth app, scopes, redirect URI. One connection serves many users.',
})
export class Connection {
  @PrimaryKey({ type: 'uuid', fieldName: 'id' })
  readonly uuid: string = newUuid()

  @Field(() => ID)
  get id(): string {
    return toTypeId('conn', this.uuid)
  }

  @Field(() => String, { description: 'Unique; identifies the connection in code and in the dashboard.' })
  @Unique()
  @Property({ type: 'string', length: 64 })
  name: string

  /** Key of the connector. */
  @Index()
  @Property({ type: 'string', length: 63, fieldName: 'connector' })
  readonly connectorKey: string

  /** Id of one of the connector's auth methods. */
  @Property({ type: 'string', length: 64, fieldName: 'auth_method' })
  readonly methodId: string

  @Field(() => ConnectionStatus)
  @Enum({ items: () => ConnectionStatus })
  status: ConnectionStatus = ConnectionStatus.DRAFT

  @Field(() => String, {
    nullable: true,
    description: 'Why the connection does not work, in a sentence for its developer; null while it does.',
  })
  @Property({ type: 'text', nullable: true })
  problem: string | null = null

  /** Values of the connection form's fields that are not secret, by field key. */
  @Property({ type: 'json' })
  values: Record<string, string> = {}

  /** Keys of the secret fields that hold a value. */
  @Property({ type: 'string[]', columnType: 'text[]' })
  secretsSet: string[] = []

  /**
   * What discovery found to be trusted with secrets: see oauth/discovery.ts. It outlives the result of discovery, which
   * is found anew after each change of the form. Null where there is no discovery, and before the first.
   */
  @Property({ type: 'text', nullable: true })
  authority: string | null = null

  @Field(() => [String])
  @Property({ type: 'string[]', columnType: 'text[]' })
  scopes: string[]

  @Field(() => UserVerification)
  @Enum({ items: () => UserVerification })
  userVerification: UserVerification

  @Field(() => Boolean, { description: 'Whether every token query has to say what the token is for.' })
  @Property({ type: 'boolean', default: false })
  purposeRequired = false

  /** Counts changes of the configuration: an authorization that started before a change cannot complete after it. */
  @Property({ type: 'integer' })
  version = 1

  /**
   * Until then no account of the connection is refreshed: the provider demanded a pause (429, Retry-After), or
   * the circuit is open. Written by `refresh/` in SQL.
   */
  @Property({ type: 'datetime', length: 3, nullable: true })
  readonly pausedUntil: Date | null = null

  /** Until then the provider has asked to be left alone; within `pausedUntil`. Written by outcome.ts, in SQL. */
  @Property({ type: 'datetime', length: 3, nullable: true })
  readonly throttledUntil: Date | null = null

  /** The provider does not answer: one refresh at a time tries whether it is back. Written by circuit.ts, in SQL. */
  @Property({ type: 'boolean', default: false })
  readonly failing: boolean = false

  /** Set while the connection is being deleted with its accounts; `accounts` is their number at the start. */
  @Property({ type: 'json', nullable: true })
  deletion: { startedAt: string; accounts: number; by: DeletedBy } | null = null

  /** Null where the connector states no idle limit. Written by refresh/keep-alive.ts, in SQL. */
  @Property({ type: 'json', nullable: true, fieldName: 'keep_alive' })
  readonly keepAliveMeasure: KeepAliveMeasure | null = null

  get keepAlive(): ConnectionKeepAlive | null {
    if (!this.keepAliveMeasure) return null
    const { measuredAt, perRound, ...counts } = this.keepAliveMeasure
    return { ...counts, measuredAt: new Date(measuredAt), perDay: Math.floor(perRound * ROUNDS_A_DAY) }
  }

  @Field(() => DateTime)
  @Property({ type: 'datetime', length: 3 })
  readonly createdAt: Date = clock.now()

  @Field(() => DateTime)
  @Property({ type: 'datetime', length: 3 })
  updatedAt: Date = clock.now()

  constructor(values: Pick<Connection, 'name' | 'connectorKey' | 'methodId' | 'scopes' | 'userVerification'>) {
    this.name = values.name
    this.connectorKey = values.connectorKey
    this.methodId = values.methodId
    this.scopes = values.scopes
    this.userVerification = values.userVerification
  }

  /** Whether a field of the form has a value. */
  isSet(key: string): boolean {
    return this.values[key] !== undefined || this.secretsSet.includes(key)
  }

  /** The configuration changed. @param missing labels of required fields that are still empty */
  configured(missing: readonly string[], now: Date) {
    this.version += 1
    this.updatedAt = now
    if (this.status !== ConnectionStatus.DISABLED) this.settle(missing)
  }

  /** @param missing as in `configured` @throws {ValetkeyError} CONFLICT while it is being deleted */
  enabled(missing: readonly string[], now: Date) {
    if (this.deletion) throw new ValetkeyError('CONFLICT', `${this.name} is being deleted.`)
    this.updatedAt = now
    this.settle(missing)
  }

  disabled(now: Date) {
    this.version += 1
    this.updatedAt = now
    this.status = ConnectionStatus.DISABLED
    this.problem = 'An administrator switched this connection off.'
  }

  /** The deletion started: no new accounts from now on. A second call keeps the first start. */
  deletionStarted(accounts: number, by: DeletedBy, now: Date) {
    this.disabled(now)
    this.problem = 'This connection is being deleted.'
    this.deletion ??= { startedAt: now.toISOString(), accounts, by }
  }

  /** The provider refused the OAuth client. @param problem the provider's message, and what to do about it */
  misconfigured(problem: string, now: Date) {
    if (this.status !== ConnectionStatus.ACTIVE && this.status !== ConnectionStatus.MISCONFIGURED) return
    this.updatedAt = now
    this.status = ConnectionStatus.MISCONFIGURED
    this.problem = problem
  }

  /**
   * Discovery succeeded.
   *
   * @param stillNeeded a sentence about what the developer has to enter after all; null for nothing
   */
  discovered(stillNeeded: string | null, now: Date) {
    if (this.status === ConnectionStatus.DISABLED) return
    this.updatedAt = now
    this.settle([])
    if (stillNeeded === null) return
    this.status = ConnectionStatus.DRAFT
    this.problem = stillNeeded
  }

  /** Discovery found another authority: nothing is sent there before the developer agrees, by saving the form. */
  ledElsewhere(authority: string, now: Date) {
    const before = this.authority
    this.version += 1
    this.updatedAt = now
    this.authority = authority
    this.secretsSet = []
    this.status = ConnectionStatus.DRAFT
    this.problem =
      `The server now names another authorization server: ${authority}; before, it was ${before}. The accounts are ` +
      'paused, and the secrets that were entered for the one before are erased. If this is meant to be, enter the ' +
      'client of the new one, or save the form as it is where none is needed.'
  }

  /** The provider could not be reached. That says nothing about the connection: it is tried again by itself. */
  outage(message: string, now: Date) {
    if (this.status === ConnectionStatus.DISABLED || this.status === ConnectionStatus.MISCONFIGURED) return
    this.updatedAt = now
    this.problem = `${message} It is tried again by itself, every few minutes and whenever a user connects.`
  }

  /** The provider accepted the OAuth client again. */
  mended(now: Date) {
    if (this.status !== ConnectionStatus.MISCONFIGURED) return
    this.updatedAt = now
    this.settle([])
  }

  /** Whether to try the refused OAuth client again, since the provider may have been at fault. */
  mayBeMended(now: Date): boolean {
    return this.status === ConnectionStatus.MISCONFIGURED && now.getTime() - this.updatedAt.getTime() > PROBE_EVERY
  }

  private settle(missing: readonly string[]) {
    this.status = missing.length === 0 ? ConnectionStatus.ACTIVE : ConnectionStatus.DRAFT
    this.problem = missing.length === 0 ? null : `Still to fill in: ${missing.join(', ')}.`
  }
}
