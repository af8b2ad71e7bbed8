import { Field, ID, InputType } from 'type-graphql'
import { FieldValueInput } from '../connectors/form.input.js'
import { ConnectionStatus, UserVerification } from './connection.js'

/** Properties of a new connection. */
@InputType()
export class CreateConnectionInput {
  @Field(() => ID, { description: 'Key of the connector.' })
  connector!: string

  @Field(() => String, {
    nullable: true,
    description: "Lower-case letters, digits, - and _, up to 64; the default is made from the connector's key.",
  })
  name?: string | null

  @Field(() => ID, { nullable: true, description: "Id of one of the connector's auth methods." })
  authMethod?: string | null

  @Field(() => [FieldValueInput], { nullable: true })
  fields?: FieldValueInput[] | null

  @Field(() => [String], { nullable: true })
  scopes?: string[] | null

  @Field(() => UserVerification, { nullable: true })
  userVerification?: UserVerification | null

  @Field(() => Boolean, { nullable: true, description: 'Whether every token query has to say what the token is for.' })
  purposeRequired?: boolean | null
}

/** Changes of a connection; what is absent stays. */
@InputType()
export class UpdateConnectionInput {
  @Field(() => String, { nullable: true })
  name?: string | null

  @Field(() => [FieldValueInput], {
    nullable: true,
    description: 'Fields that are not listed stay; an empty value clears a field.',
  })
  fields?: FieldValueInput[] | null

  @Field(() => [String], { nullable: true })
  scopes?: string[] | null

  @Field(() => UserVerification, { nullable: true })
  userVerification?: UserVerification | null

  @Field(() => Boolean, { nullable: true, description: 'Whether every token query has to say what the token is for.' })
  purposeRequired?: boolean | null
}

/** Conditions for a list of connections; all that are present have to hold. */
@InputType()
export class ConnectionFilter {
  @Field(() => String, { nullable: true })
  search?: string | null

  @Field(() => ID, { nullable: true })
  connector?: string | null

  @Field(() => ConnectionStatus, { nullable: true })
  status?: ConnectionStatus | null
}
