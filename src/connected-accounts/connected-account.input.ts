import { Field, ID, InputType } from 'type-graphql'
import { FieldValueInput } from '../connectors/form.input.js'
import { DateTime, JSONObject } from '../scalars.js'
import { AccountStatus } from './connected-account.js'

/** Tokens that were obtained elsewhere. */
@InputType()
export class OAuth2TokenInput {
  @Field(() => String)
  accessToken!: string

  @Field(() => String, { nullable: true })
  refreshToken?: string | null

  @Field(() => DateTime, { nullable: true })
  expiresAt?: Date | null

  @Field(() => [String], { nullable: true })
  scopes?: string[] | null
}

/** Changes of a connected account; what is absent stays. */
@InputType()
export class UpdateConnectedAccountInput {
  @Field(() => JSONObject, { nullable: true })
  metadata?: Record<string, unknown> | null

  @Field(() => [FieldValueInput], { nullable: true })
  fields?: FieldValueInput[] | null

  @Field(() => OAuth2TokenInput, { nullable: true })
  oauth2?: OAuth2TokenInput | null
}

/** Properties of a connected account, with or without credentials. */
@InputType()
export class CreateConnectedAccountInput {
  @Field(() => ID)
  connection!: string

  @Field(() => String)
  identifier!: string

  @Field(() => JSONObject, { nullable: true })
  metadata?: Record<string, unknown> | null

  @Field(() => [FieldValueInput], {
    nullable: true,
    description: 'Account form values, secrets included, for auth types without a redirect.',
  })
  fields?: FieldValueInput[] | null

  @Field(() => OAuth2TokenInput, { nullable: true, description: 'Tokens obtained elsewhere, for OAUTH2.' })
  oauth2?: OAuth2TokenInput | null
}

/** Conditions for a list of accounts; all that are present have to hold. */
@InputType()
export class ConnectedAccountFilter {
  @Field(() => String, { nullable: true })
  search?: string | null

  @Field(() => ID, { nullable: true })
  connection?: string | null

  @Field(() => String, { nullable: true })
  identifier?: string | null

  @Field(() => [AccountStatus], { nullable: true })
  status?: AccountStatus[] | null
}
