import { Field, ID, InputType, Int } from 'type-graphql'
import { FieldValueInput } from '../connectors/form.input.js'
import { GraphQLURL } from '../scalars.js'

/** The application's answer about a held authorization. */
@InputType()
export class VerifyAuthorizationInput {
  @Field(() => ID, { description: 'authorization_id from the verifyUrl.' })
  authorization!: string

  @Field(() => String, {
    description: "The user in the application's own session; must be the one the link was made for.",
  })
  identifier!: string
}

/** Properties of a new authorization link. */
@InputType()
export class StartAuthorizationInput {
  @Field(() => ID, { description: 'Name or id of the connection.' })
  connection!: string

  @Field(() => String)
  identifier!: string

  @Field(() => [String], { nullable: true, description: "Replaces the connection's scopes for this authorization." })
  scopes?: string[] | null

  @Field(() => GraphQLURL, {
    nullable: true,
    description:
      'Where the browser goes afterwards, with status, account and state added; must be on an allowed origin.',
  })
  returnUrl?: string | null

  @Field(() => String, { nullable: true, description: 'Returned unchanged on returnUrl and verifyUrl.' })
  state?: string | null

  @Field(() => Int, { nullable: true, description: 'Seconds, 300 to 604800; the default is 1800.' })
  expiresIn?: number | null

  @Field(() => GraphQLURL, {
    nullable: true,
    description: "Required where the connection's userVerification is APPLICATION.",
  })
  verifyUrl?: string | null

  @Field(() => [FieldValueInput], {
    nullable: true,
    description: 'Values of account fields, such as a subdomain; the page does not ask the user for them.',
  })
  fields?: FieldValueInput[] | null

  @Field(() => String, {
    nullable: true,
    description:
      'Id of the tenant, such as a site or an organisation, where a grant may open several: the user is not asked.',
  })
  tenant?: string | null
}
