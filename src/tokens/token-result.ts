/** What a token query answers. Expected outcomes are data: an agent switches on `__typename`. */
import { createUnionType, Field, ID, Int, InterfaceType, ObjectType } from 'type-graphql'
import { AccountStatus } from '../connected-accounts/connected-account.js'
import { ConnectionStatus } from '../connections/connection.js'
import { DateTime, GraphQLURL } from '../scalars.js'

@ObjectType()
export class HttpHeader {
  @Field(() => String)
  readonly name!: string
  @Field(() => String)
  readonly value!: string
}

@ObjectType()
export class BodyParam {
  @Field(() => String)
  readonly name!: string
  @Field(() => String)
  readonly value!: string
}

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

@ObjectType()
export class QueryParam {
  @Field(() => String)
  readonly name!: string
  @Field(() => String)
  readonly value!: string
}

/** A credential as it goes out: headers and query parameters ready to send. */
export interface Sent {
  headers: HttpHeader[]
  queryParams: QueryParam[]
  bodyParams: BodyParam[]
  apiBaseUrl: string | null
  expiresAt: Date | null
}

@InterfaceType({
  description: 'A credential that can be put on a request without knowing its kind.',
  resolveType: (value: object) => value.constructor.name,
})
export abstract class Credential {
  /** What every credential has: how to send it. */
  constructor(sent: Sent) {
    this.headers = sent.headers
    this.queryParams = sent.queryParams
    this.bodyParams = sent.bodyParams
    this.apiBaseUrl = sent.apiBaseUrl
    this.expiresAt = sent.expiresAt
  }

  @Field(() => [HttpHeader], { description: 'Ready to send; empty where the provider needs the request to be signed.' })
  readonly headers: HttpHeader[]
  @Field(() => [QueryParam])
  readonly queryParams: QueryParam[]
  @Field(() => [BodyParam], { description: "Members of the request's body, for the few providers that look there." })
  readonly bodyParams: BodyParam[]
  @Field(() => GraphQLURL, {
    nullable: true,
    description: "The provider's API base URL with this account's values filled in.",
  })
  readonly apiBaseUrl: string | null
  @Field(() => DateTime, { nullable: true })
  readonly expiresAt: Date | null
}

@ObjectType({
  implements: Credential,
  description:
    'Any token that goes into a header as it is: OAuth 2 of every grant, MCP, an app installation, a session, a bearer token.',
})
export class OAuthToken extends Credential {
  @Field(() => String)
  readonly accessToken: string
  @Field(() => String)
  readonly tokenType: string
  @Field(() => [String])
  readonly scopes: string[]
  @Field(() => [NamedToken], { description: 'Further tokens that came with it.' })
  readonly namedTokens: NamedToken[]

  constructor(accessToken: string, tokenType: string, scopes: string[], sent: Sent, namedTokens: NamedToken[] = []) {
    super(sent)
    this.namedTokens = namedTokens
    this.accessToken = accessToken
    this.tokenType = tokenType
    this.scopes = scopes
  }
}

@ObjectType({ implements: Credential })
export class ApiKeyCredential extends Credential {
  @Field(() => String)
  readonly apiKey: string

  constructor(apiKey: string, sent: Sent) {
    super(sent)
    this.apiKey = apiKey
  }
}

@ObjectType({ implements: Credential })
export class BasicCredential extends Credential {
  @Field(() => String)
  readonly username: string
  @Field(() => String)
  readonly password: string

  constructor(username: string, password: string, sent: Sent) {
    super(sent)
    this.username = username
    this.password = password
  }
}

@ObjectType()
export class CredentialValue {
  @Field(() => ID)
  readonly key!: string
  @Field(() => String)
  readonly value!: string
}

@ObjectType({
  implements: Credential,
  description: 'Several values that only make sense together, such as an API key and an application key.',
})
export class CustomCredential extends Credential {
  @Field(() => [CredentialValue])
  readonly values: CredentialValue[]

  constructor(values: CredentialValue[], sent: Sent) {
    super(sent)
    this.values = values
  }
}

@ObjectType({
  implements: Credential,
  description:
    'A private key that the caller signs with itself; where the connector knows how, headers already carry a signed token.',
})
export class KeyPairCredential extends Credential {
  @Field(() => String, { nullable: true })
  readonly keyId: string | null
  @Field(() => String)
  readonly privateKey: string

  constructor(keyId: string | null, privateKey: string, sent: Sent) {
    super(sent)
    this.keyId = keyId
    this.privateKey = privateKey
  }
}

@ObjectType({ implements: Credential })
export class AwsCredential extends Credential {
  @Field(() => String)
  readonly accessKeyId: string
  @Field(() => String)
  readonly secretAccessKey: string
  @Field(() => String, { nullable: true })
  readonly sessionToken: string | null
  @Field(() => String, { nullable: true })
  readonly region: string | null

  constructor(
    keys: { accessKeyId: string; secretAccessKey: string; sessionToken?: string; region: string | null },
    sent: Sent,
  ) {
    super(sent)
    this.accessKeyId = keys.accessKeyId
    this.secretAccessKey = keys.secretAccessKey
    this.sessionToken = keys.sessionToken ?? null
    this.region = keys.region
  }
}

@ObjectType({ implements: Credential, description: 'The connector needs none, as a public MCP server.' })
export class NoCredential extends Credential {}

@ObjectType({
  description: 'The user has to authorize, first or again: call startAuthorization and hand over the link.',
})
export class AuthorizationRequired {
  @Field(() => AccountStatus)
  readonly status: AccountStatus
  @Field(() => String)
  readonly reason: string

  constructor(status: AccountStatus, reason: string) {
    this.status = status
    this.reason = reason
  }
}

@ObjectType()
export class InsufficientScope {
  @Field(() => [String])
  readonly missingScopes: string[]
  @Field(() => [String])
  readonly grantedScopes: string[]

  constructor(missingScopes: string[], grantedScopes: string[]) {
    this.missingScopes = missingScopes
    this.grantedScopes = grantedScopes
  }
}

@ObjectType({ description: 'The connection is a draft, disabled or misconfigured; its developer has to act.' })
export class ConnectionUnavailable {
  @Field(() => ConnectionStatus)
  readonly status: ConnectionStatus
  @Field(() => String)
  readonly reason: string

  constructor(status: ConnectionStatus, reason: string) {
    this.status = status
    this.reason = reason
  }
}

@ObjectType({
  description:
    'The provider could not be reached or answered with a fault; the account is untouched and the call may be repeated.',
})
export class ProviderUnavailable {
  @Field(() => String)
  readonly reason: string
  @Field(() => Int, { description: 'Seconds.' })
  readonly retryAfter: number

  constructor(reason: string, retryAfter: number) {
    this.reason = reason
    this.retryAfter = retryAfter
  }
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
  resolveType: (value: object) => value.constructor.name,
})

export type TokenAnswer =
  | Credential
  | AuthorizationRequired
  | InsufficientScope
  | ConnectionUnavailable
  | ProviderUnavailable
