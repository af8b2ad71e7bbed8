import { Field, InputType } from 'type-graphql'
import { DateTime } from '../scalars.js'
import { Permission } from './permission.js'

/** Properties of a new API key. Empty or absent lists do not limit it. */
@InputType()
export class CreateApiKeyInput {
  @Field(() => String)
  name!: string

  @Field(() => [Permission])
  permissions!: Permission[]

  @Field(() => [String], { nullable: true })
  connections?: string[] | null

  @Field(() => [String], { nullable: true })
  identifiers?: string[] | null

  @Field(() => DateTime, { nullable: true })
  expiresAt?: Date | null
}
