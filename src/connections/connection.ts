/**
 * A connection: a connector as a developer set it up, once, for all users.
 *
 *   DRAFT ──every required field is set──▶ ACTIVE ◀──mended── MISCONFIGURED
 *     ▲                                     │  │                  ▲
 *     └────────a required field is cleared──┘  └─the provider refuses the app itself
 *   any ──disabled──▶ DISABLED ──enabled──▶ DRAFT or ACTIVE
 *
 * Its secret half, connection.secret.ts, knows this class and is not known by it.
 */
import { Entity, Enum, Index, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy'
import { Field, ID, ObjectType, registerEnumType } from 'type-graphql'
import { ValetkeyError } from '../errors.js'
import { newUuid, toTypeId } from '../ids.js'
import { DateTime } from '../scalars.js'

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
      description: "The provider refused the connection's own credentials; its accounts are not to blame.",
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
  description: 'Who must have completed an authorization before it counts.',
  valuesConfig: {
    CONFIRM: { description: 'A hosted page names the intended user and asks for confirmation. The default.' },
    APPLICATION: {
      description: 'The application must call verifyAuthorization with the user that it finds in its own session.',
    },
    NONE: { description: 'Whoever holds the link.' },
  },
})

/** Who asked for a deletion, as the audit log names them. */
export interface DeletedBy {
  actor: string
  ipAddress: string | null
  requestId: string
}

/** Milliseconds after which a refused connection is tried again. */
const PROBE_EVERY = 30_000

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

  /** Values of the connection form that are no secrets. */
  @Property({ type: 'json' })
  values: Record<string, string> = {}

  /** Keys of the secret fields that hold a value. */
  @Property({ type: 'string[]', columnType: 'text[]' })
  secretsSet: string[] = []

  @Field(() => [String])
  @Property({ type: 'string[]', columnType: 'text[]' })
  scopes: string[]

  @Field(() => UserVerification)
  @Enum({ items: () => UserVerification })
  userVerification: UserVerification

  /** Counts changes of what an authorization depends on: one that began before a change does not end after it. */
  @Property({ type: 'integer' })
  version = 1

  /** Until then the provider is not asked for any account: it said so (429, Retry-After). Written by refresh.ts, in SQL. */
  @Property({ type: 'datetime', length: 3, nullable: true })
  readonly pausedUntil: Date | null = null

  /** The provider answers to nothing: one refresh at a time finds out whether it is back. Written by circuit.ts, in SQL. */
  @Property({ type: 'boolean', default: false })
  readonly failing: boolean = false

  /** Set while the connection is being deleted with its accounts: how many there were, and who asked. */
  @Property({ type: 'json', nullable: true })
  deletion: { startedAt: string; accounts: number; by: DeletedBy } | null = null

  @Field(() => DateTime)
  @Property({ type: 'datetime', length: 3 })
  readonly createdAt: Date = new Date()

  @Field(() => DateTime)
  @Property({ type: 'datetime', length: 3 })
  updatedAt: Date = new Date()

  constructor(values: Pick<Connection, 'name' | 'connectorKey' | 'methodId' | 'scopes' | 'userVerification'>) {
    this.name = values.name
    this.connectorKey = values.connectorKey
    this.methodId = values.methodId
    this.scopes = values.scopes
    this.userVerification = values.userVerification
  }

  isSet(key: string): boolean {
    return this.values[key] !== undefined || this.secretsSet.includes(key)
  }

  /** @param missing labels of required fields that are still empty */
  configured(missing: readonly string[], now: Date) {
    this.version += 1
    this.updatedAt = now
    if (this.status !== ConnectionStatus.DISABLED) this.settle(missing)
  }

  /** @throws {ValetkeyError} CONFLICT while it is being deleted */
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

  /** No new account from now on, while the old ones are disconnected. Asking twice changes nothing. */
  deletionStarted(accounts: number, by: DeletedBy, now: Date) {
    this.disabled(now)
    this.problem = 'This connection is being deleted.'
    this.deletion ??= { startedAt: now.toISOString(), accounts, by }
  }

  /** The provider refused the app's own credentials. @param problem the provider's words, and the likely mend */
  misconfigured(problem: string, now: Date) {
    if (this.status !== ConnectionStatus.ACTIVE && this.status !== ConnectionStatus.MISCONFIGURED) return
    this.updatedAt = now
    this.status = ConnectionStatus.MISCONFIGURED
    this.problem = problem
  }

  /**
   * What only the provider's server can say was found out.
   *
   * @param stillNeeded what the developer has to bring after all; null for nothing
   */
  discovered(stillNeeded: string | null, now: Date) {
    if (this.status === ConnectionStatus.DISABLED) return
    this.updatedAt = now
    this.settle([])
    if (stillNeeded === null) return
    this.status = ConnectionStatus.DRAFT
    this.problem = stillNeeded
  }

  /** The provider took the app's credentials after all. */
  mended(now: Date) {
    if (this.status !== ConnectionStatus.MISCONFIGURED) return
    this.updatedAt = now
    this.settle([])
  }

  /** Whether to try again with credentials that were refused: the provider may have been at fault. */
  mayBeMended(now: Date): boolean {
    return this.status === ConnectionStatus.MISCONFIGURED && now.getTime() - this.updatedAt.getTime() > PROBE_EVERY
  }

  private settle(missing: readonly string[]) {
    this.status = missing.length === 0 ? ConnectionStatus.ACTIVE : ConnectionStatus.DRAFT
    this.problem = missing.length === 0 ? null : `Still to fill in: ${missing.join(', ')}.`
  }
}
