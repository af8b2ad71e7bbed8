import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { Field, ID, ObjectType } from 'type-graphql'
import { clock } from '../clock.js'
import { newUuid, toTypeId } from '../ids.js'
import { DateTime } from '../scalars.js'
import { Permission } from './permission.js'

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
  readonly prefix: string

  @Field(() => [Permission])
  @Property({ type: 'string[]', columnType: 'text[]' })
  readonly permissions: Permission[]

  @Field(() => [String], { description: 'Names of the only connections it may use; empty means all.' })
  @Property({ type: 'string[]', columnType: 'text[]' })
  readonly connections: string[]

  @Field(() => [String], {
    description: 'Patterns of the only identifiers it may use, such as tenant_7:*; empty means all.',
  })
  @Property({ type: 'string[]', columnType: 'text[]' })
  readonly identifiers: string[]

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

  constructor(values: Pick<ApiKey, 'name' | 'prefix' | 'permissions' | 'connections' | 'identifiers' | 'expiresAt'>) {
    this.name = values.name
    this.prefix = values.prefix
    this.permissions = values.permissions
    this.connections = values.connections
    this.identifiers = values.identifiers
    this.expiresAt = values.expiresAt
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
