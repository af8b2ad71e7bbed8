/** The GraphQL types of a token query's answer. Expected outcomes are data: an agent switches on `__typename`. */
import { createUnionType, Field, ID, Int, InterfaceType, ObjectType } from 'type-graphql'
import { AccountStatus } from '../connected-accounts/connected-account.js'
import { ConnectionStatus } from '../connections/connection.js'
import { DateTime, GraphQLURL } from '../scalars.js'
import type { Access } from './access.js'

/** The gate's answers carry the name of their GraphQL type as `type`. */
function typeOf(access: object): string {
  return (access as Access).type
}

/** A header of a request to the provider. */
@ObjectType()
export class HttpHeader {
  @Field(() => String)
  readonly name!: string
  @Field(() => String)
  readonly value!: string
}

/** A member of a request's body. */
@ObjectType()
export class BodyParam {
  @Field(() => String)
  readonly name!: string
  @Field(() => String)
  readonly value!: string
}

/** A further token of a grant. */
@ObjectType({
  description: 'A further token of the same grant, such as the one of the person beside the one of the bot.',
})
export class NamedToken {
  @Field(() => ID, { description: 'As the connector names it, such as user.' })
  readonly name!: string
  @Field(() => String)
  readonly accessToken!: string
  @Field(() => DateTime, { nullable: true })
  readonly expiresAt!: Date | null
}

/** A parameter of a request's address. */
@ObjectType()
export class QueryParam {
  @Field(() => String)
  readonly name!: string
  @Field(() => String)
  readonly value!: string
}

/** The interface of all credentials. */
@InterfaceType({
  description: 'A credential that can be put on a request without knowing its type.',
  resolveType: typeOf,
})
export abstract class Credential {
  @Field(() => [HttpHeader], { description: 'Ready to send; empty where the provider needs the request to be signed.' })
  readonly headers!: HttpHeader[]
  @Field(() => [QueryParam])
  readonly queryParams!: QueryParam[]
  @Field(() => [BodyParam], { description: "Members of the request's body, for the few providers that look there." })
  readonly bodyParams!: BodyParam[]
  @Field(() => GraphQLURL, {
    nullable: true,
    description: "The provider's API base URL with this account's values filled in.",
  })
  readonly apiBaseUrl!: string | null
  @Field(() => DateTime, { nullable: true })
  readonly expiresAt!: Date | null
}

/** An access token. */
@ObjectType({
  implements: Credential,
  description:
    'Any token that goes into a header as it is: OAuth 2 of every grant, MCP, an app installation, a session, ' +
    'a bearer token.',
})
export class OAuthToken extends Credential {
  @Field(() => String)
  readonly accessToken!: string
  @Field(() => String)
  readonly tokenType!: string
  @Field(() => [String])
  readonly scopes!: string[]
  @Field(() => [NamedToken], { description: 'Further tokens that came with it.' })
  readonly namedTokens!: NamedToken[]
}

/** One key. */
@ObjectType({ implements: Credential })
export class ApiKeyCredential extends Credential {
  @Field(() => String)
  readonly apiKey!: string
}

/** A user name and a password. */
@ObjectType({ implements: Credential })
export class BasicCredential extends Credential {
  @Field(() => String)
  readonly username!: string
  @Field(() => String)
  readonly password!: string
}

/** One value of a CustomCredential. */
@ObjectType()
export class CredentialValue {
  @Field(() => ID)
  readonly key!: string
  @Field(() => String)
  readonly value!: string
}

/** Several values. */
@ObjectType({
  implements: Credential,
  description: 'Several values that only make sense together, such as an API key and an application key.',
})
export class CustomCredential extends Credential {
  @Field(() => [CredentialValue])
  readonly values!: CredentialValue[]
}

/** A private key. */
@ObjectType({
  implements: Credential,
  description:
    'A private key that the caller signs with itself; where the connector knows how, headers already carry ' +
    'a signed token.',
})
export class KeyPairCredential extends Credential {
  @Field(() => String, { nullable: true })
  readonly keyId!: string | null
  @Field(() => String)
  readonly privateKey!: string
}

/** AWS keys. */
@ObjectType({ implements: Credential })
export class AwsCredential extends Credential {
  @Field(() => String)
  readonly accessKeyId!: string
  @Field(() => String)
  readonly secretAccessKey!: string
  @Field(() => String, { nullable: true })
  readonly sessionToken!: string | null
  @Field(() => String, { nullable: true })
  readonly region!: string | null
}

/** The answer for a connector without credentials. */
@ObjectType({ implements: Credential, description: 'The connector needs none, as a public MCP server.' })
export class NoCredential extends Credential {}

/** The account has no valid grant. */
@ObjectType({
  description: 'The user has to authorize, first or again: call startAuthorization and hand over the link.',
})
export class AuthorizationRequired {
  @Field(() => AccountStatus, { description: 'Of the account; PENDING_AUTHORIZATION for a user who never began.' })
  @Field(() => AccountStatus, {
    name: 'status',
    description: 'The same as accountStatus.',
    deprecationReason: 'Conflicts with the status of ConnectionUnavailable in one selection: use accountStatus.',
  })
  readonly accountStatus!: AccountStatus
  @Field(() => String)
  readonly reason!: string
}

/** The grant lacks scopes that the query demands. */
@ObjectType()
export class InsufficientScope {
  @Field(() => [String])
  readonly missingScopes!: string[]
  @Field(() => [String])
  readonly grantedScopes!: string[]
}

/** The connection cannot be used. */
@ObjectType({ description: 'The connection is a draft, disabled or misconfigured; its developer has to act.' })
export class ConnectionUnavailable {
  @Field(() => ConnectionStatus, { description: 'Of the connection.' })
  @Field(() => ConnectionStatus, {
    name: 'status',
    description: 'The same as connectionStatus.',
    deprecationReason: 'Conflicts with the status of AuthorizationRequired in one selection: use connectionStatus.',
  })
  readonly connectionStatus!: ConnectionStatus
  @Field(() => String)
  readonly reason!: string
}

/** The token could not be refreshed for now. `retryAfter` in seconds. */
@ObjectType({
  description:
    'The provider could not be reached or answered with a fault; the account is untouched and the call may be ' +
    'repeated.',
})
export class ProviderUnavailable {
  @Field(() => String)
  readonly reason!: string
  @Field(() => Int, { description: 'Seconds.' })
  readonly retryAfter!: number
}

export const TokenResult = createUnionType({
  name: 'TokenResult',
  description: 'What a token query answers. Expected outcomes are data: an agent switches on __typename.',
  types: () =>
    [
      OAuthToken,
      ApiKeyCredential,
      BasicCredential,
      CustomCredential,
      KeyPairCredential,
      AwsCredential,
      NoCredential,
      AuthorizationRequired,
      InsufficientScope,
      ConnectionUnavailable,
      ProviderUnavailable,
    ] as const,
  resolveType: typeOf,
})
