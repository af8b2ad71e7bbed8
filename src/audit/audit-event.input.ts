import { Field, ID, InputType } from 'type-graphql'
import { DateTime } from '../scalars.js'

/** Conditions for the list of events; all that are present have to hold. `since` is inclusive, `until` exclusive. */
@InputType()
export class AuditEventFilter {
  @Field(() => String, { nullable: true, description: 'The whole action, or a resource and a dot, such as token.' })
  action?: string | null

  @Field(() => ID, { nullable: true, description: 'Name of the connection.' })
  connection?: string | null

  @Field(() => String, { nullable: true })
  identifier?: string | null

  @Field(() => String, { nullable: true })
  actor?: string | null

  @Field(() => DateTime, { nullable: true })
  since?: Date | null

  @Field(() => DateTime, { nullable: true })
  until?: Date | null
}
