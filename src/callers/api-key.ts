import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { Field, ID, ObjectType } from 'type-graphql'
import { clock } from '../clock.js'
import { newUuid, toTypeId } from '../ids.js'
import { DateTime } from '../scalars.js'
import { Permission } from './permission.js'

/** What a key is made of. */
export interface ApiKeyValues {
  name: string
  permissions: Permission[]
  connections: readonly { uuid: string; name: string }[]
  identifiers: string[]
  addresses: string[]
  purposeRequired: boolean
  trustedDocumentsOnly: boolean
  makerId: string | null
  expiresAt: Date | null
}

/** An API key without its secret half, which is in api-key.secret.ts. */
@Entity()
@ObjectType({ description: 'What a caller may do, and on what.' })
export class ApiKey {
  @PrimaryKey({ type: 'uuid', fieldName: 'id' })
  readonly uuid: string = newUuid()

  @Field(() => ID)
  get id(): string {
    return toTypeId('key', this.uuid)
  }

  @Field(() => String)
  @Property({ type: 'string', length: 64 })
  readonly name: string

  @Field(() => String, { description: 'First characters, enough to recognise it.' })
  @Property({ type: 'string', length: 16 })
  prefix: string

  @Field(() => [Permission])
  @Property({ type: 'string[]', columnType: 'text[]' })
  readonly permissions: Permission[]

  /** Ids of the only connections it may use; empty means all. A deleted one stays in the list, and opens nothing. */
  @Property({ type: 'string[]', columnType: 'uuid[]', defaultRaw: "'{}'" })
  readonly connectionIds: string[]

  /** Their names when the key was made: for servers of before, which know no ids. */
  @Property({ type: 'string[]', columnType: 'text[]', fieldName: 'connections' })
  readonly formerNames: string[]

  @Field(() => [String], {
    description: 'Patterns of the only identifiers it may use, such as tenant_7:*; empty means all.',
  })
  @Property({ type: 'string[]', columnType: 'text[]' })
  readonly identifiers: string[]

  @Field(() => [String], {
    description:
      'Ranges (CIDR) of the only client addresses that it is taken from, such as 10.0.0.0/8; empty means all.',
  })
  @Property({ type: 'string[]', columnType: 'text[]', defaultRaw: "'{}'" })
  readonly addresses: string[]

  @Field(() => Boolean, { description: 'Whether it has to say what a token is for: token(purpose: …).' })
  @Property({ type: 'boolean', default: false })
  readonly purposeRequired: boolean

  @Field(() => Boolean, { description: 'Whether it runs registered documents alone: VALETKEY_TRUSTED_DOCUMENTS.' })
  @Property({ type: 'boolean', default: false })
  readonly trustedDocumentsOnly: boolean

  /** The key that made it, and that it ends with; null for one that the admin key or the first start made. */
  @Property({ type: 'uuid', nullable: true })
  readonly makerId: string | null

  @Field(() => ID, {
    nullable: true,
    description: 'The key that made it. It never does more than that key, and ends with it.',
  })
  get madeBy(): string | null {
    return this.makerId && toTypeId('key', this.makerId)
  }

  @Field(() => DateTime)
  @Property({ type: 'datetime', length: 3 })
  readonly createdAt: Date = clock.now()

  @Field(() => DateTime, { nullable: true })
  @Property({ type: 'datetime', length: 3, nullable: true })
  readonly expiresAt: Date | null

  @Field(() => DateTime, { nullable: true })
  @Property({ type: 'datetime', length: 3, nullable: true })
  lastUsedAt: Date | null = null

  @Field(() => DateTime, { nullable: true })
  @Property({ type: 'datetime', length: 3, nullable: true })
  revokedAt: Date | null = null

  constructor({ connections, ...values }: ApiKeyValues & { prefix: string }) {
    this.name = values.name
    this.prefix = values.prefix
    this.permissions = values.permissions
    this.connectionIds = connections.map(({ uuid }) => uuid)
    this.formerNames = connections.map(({ name }) => name)
    this.identifiers = values.identifiers
    this.addresses = values.addresses
    this.purposeRequired = values.purposeRequired
    this.trustedDocumentsOnly = values.trustedDocumentsOnly
    this.makerId = values.makerId
    this.expiresAt = values.expiresAt
  }

  /** The secret half was replaced. @param prefix the first characters of the new one */
  rotated(prefix: string) {
    this.prefix = prefix
  }

  /** Sets the time of revocation; a second call keeps the first time. */
  revoked(now: Date) {
    this.revokedAt ??= now
  }
}

/** A new API key with its secret, which is returned only once. */
@ObjectType()
export class CreatedApiKey {
  @Field(() => ApiKey)
  readonly apiKey!: ApiKey

  @Field(() => String, { description: 'Shown once.' })
  readonly secret!: string
}
