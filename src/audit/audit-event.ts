import { Entity, Enum, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { Field, ID, ObjectType, registerEnumType } from 'type-graphql'
import { clock } from '../clock.js'
import { ofJson } from '../complexity.js'
import { newUuid, toTypeId } from '../ids.js'
import { DateTime, JSONObject } from '../scalars.js'

export enum AuditOutcome {
  SUCCEEDED = 'SUCCEEDED',
  DENIED = 'DENIED',
  FAILED = 'FAILED',
}
registerEnumType(AuditOutcome, { name: 'AuditOutcome' })

/**
 * One act of the audit log. Rows are only inserted, and the database refuses anything else. The table has partitions
 * and indexes that MikroORM does not describe: migrations/Migration20261125141000_audit_chain.ts.
 */
@Entity()
@ObjectType({ description: 'One act: who did what to which account, and how it ended.' })
export class AuditEvent {
  @PrimaryKey({ type: 'uuid', fieldName: 'id' })
  readonly uuid: string = newUuid()

  @Field(() => ID)
  get id(): string {
    return toTypeId('evt', this.uuid)
  }

  @Field(() => DateTime, { name: 'at' })
  @Property({ type: 'datetime', length: 3, fieldName: 'at' })
  readonly createdAt: Date = clock.now()

  @Field(() => String, { description: 'resource.action, such as token.read or connection.updated.' })
  @Property({ type: 'string', length: 64 })
  readonly action: string

  @Field(() => AuditOutcome)
  @Enum({ items: () => AuditOutcome })
  readonly outcome: AuditOutcome

  @Field(() => String, { description: 'Id of the API key, admin, the link that a user followed, or valetkey itself.' })
  @Property({ type: 'string', length: 64 })
  readonly actor: string

  @Field(() => String, { nullable: true, description: 'Name of the connection at the time.' })
  @Property({ type: 'string', nullable: true })
  readonly connection: string | null

  @Field(() => String, { nullable: true })
  @Property({ type: 'string', length: 256, nullable: true })
  readonly identifier: string | null

  @Field(() => String, { nullable: true, description: 'The purpose that the caller stated for the token.' })
  @Property({ type: 'string', length: 200, nullable: true })
  readonly purpose: string | null

  @Field(() => String, { nullable: true })
  @Property({ type: 'string', nullable: true })
  readonly ipAddress: string | null

  @Field(() => JSONObject, { complexity: ofJson(2048) })
  @Property({ type: 'json' })
  readonly details: Record<string, unknown>

  constructor(values: Omit<AuditEvent, 'uuid' | 'id' | 'createdAt'>) {
    this.action = values.action
    this.outcome = values.outcome
    this.actor = values.actor
    this.connection = values.connection
    this.identifier = values.identifier
    this.purpose = values.purpose
    this.ipAddress = values.ipAddress
    this.details = values.details
  }
}
