/** One way of authenticating with a connector: its fields in the API, and its executable definition. */
import { Field, ID, ObjectType, registerEnumType } from 'type-graphql'
import type { ScopesDefinition } from '../oauth/definition/redirect.js'
import { type ExecutableMethod, fetches, redirects, renewal } from '../oauth/definition.js'
import { executable } from '../oauth/mcp.js'
import { templateNames } from '../oauth/template.js'
import { GraphQLURL } from '../scalars.js'
import { CLIENT_FIELDS, clientFields, environmentField } from './client-form.js'
import { fieldUse } from './definition/field-use.js'
import type { ConnectorDefinition, MethodDefinition } from './definition.js'
import { FormField } from './form.js'
import { LifeStage } from './life-stage.js'

export enum AuthType {
  OAUTH2 = 'OAUTH2',
  OAUTH2_CLIENT_CREDENTIALS = 'OAUTH2_CLIENT_CREDENTIALS',
  OAUTH2_JWT_BEARER = 'OAUTH2_JWT_BEARER',
  OAUTH1 = 'OAUTH1',
  API_KEY = 'API_KEY',
  BEARER_TOKEN = 'BEARER_TOKEN',
  BASIC = 'BASIC',
  CUSTOM = 'CUSTOM',
  KEY_PAIR = 'KEY_PAIR',
  TOKEN_EXCHANGE = 'TOKEN_EXCHANGE',
  APP_INSTALLATION = 'APP_INSTALLATION',
  AWS = 'AWS',
  MCP = 'MCP',
  NONE = 'NONE',
}
registerEnumType(AuthType, {
  name: 'AuthType',
  valuesConfig: {
    OAUTH2: { description: 'Authorization code with PKCE: the user consents at the provider.' },
    OAUTH2_JWT_BEARER: {
      description: 'A signed assertion exchanged for a token: service accounts, server-to-server apps.',
    },
    CUSTOM: { description: 'Several values that only make sense together.' },
    KEY_PAIR: { description: 'A private key that signs a token locally.' },
    TOKEN_EXCHANGE: { description: 'Credentials exchanged for a session token.' },
    APP_INSTALLATION: { description: 'An app installed in a workspace; short tokens minted on demand.' },
    MCP: {
      description: 'An MCP server: endpoints discovered, client registered automatically where the server allows.',
    },
  },
})

/** A scope as the API presents it. */
@ObjectType({ description: 'A scope that a connection may ask for.' })
export class ScopeDefinition {
  @Field(() => String)
  readonly value!: string
  @Field(() => String, { nullable: true })
  readonly description!: string | null
  @Field(() => Boolean, { description: 'Always requested; the form shows it locked.' })
  readonly required!: boolean
  @Field(() => Boolean, { description: 'Preselected on the form.' })
  readonly default!: boolean
}

/** An auth method of a connector. */
@ObjectType({ description: 'One way of authenticating with a connector, and the forms it needs.' })
export class AuthMethod {
  @Field(() => ID, { description: 'Unique within the connector, such as oauth or personal-token.' })
  readonly id: string
  @Field(() => AuthType)
  readonly type: AuthType
  @Field(() => String)
  readonly name: string
  @Field(() => String, {
    nullable: true,
    description: 'How to get the app or the key, in a line; null where the definition does not say.',
  })
  readonly help: string | null
  @Field(() => GraphQLURL, {
    nullable: true,
    description: "The provider's own documentation of this method; the connector's where it has none of its own.",
  })
  readonly docsUrl: string | null
  @Field(() => GraphQLURL, {
    nullable: true,
    description: 'Page of the provider where the app or the key is created.',
  })
  readonly consoleUrl: string | null
  @Field(() => [FormField], { description: 'What the connection form asks the developer, once.' })
  readonly connectionFields: FormField[]
  @Field(() => [FormField], { description: 'What the connected-account form asks each user.' })
  readonly accountFields: FormField[]
  @Field(() => [ScopeDefinition], {
    description: 'Documented scopes; a connection may also use scopes that are not listed.',
  })
  readonly scopes: ScopeDefinition[]
  @Field(() => Boolean, {
    description:
      'Whether the provider can give a refresh token, and so whether access outlives the first access token.',
  })
  readonly refreshable: boolean
  @Field(() => Boolean, { description: 'Whether the provider checks credentials before they are saved.' })
  readonly verifiable: boolean
  @Field(() => LifeStage)
  readonly status: LifeStage
  @Field(() => String, {
    nullable: true,
    description: 'The day on which the provider ends it, as YYYY-MM-DD; null where none is announced.',
  })
  readonly endsOn: string | null

  /** The executable definition: that of an MCP method is converted into an OAuth one. */
  readonly runs: ExecutableMethod
  /** Whether users are redirected to the provider. */
  readonly redirects: boolean
  /** Whether tokens are fetched without the user. */
  readonly fetches: boolean
  /** Whether applying a credential needs the connection's secrets, to sign or because a template contains them. */
  readonly readsSecrets: boolean

  constructor(
    readonly definition: MethodDefinition,
    private readonly connector: Pick<ConnectorDefinition, 'environments' | 'docsUrl' | 'consoleUrl'>,
    private readonly shared = false,
  ) {
    this.help = definition.help ?? usualHelp(definition)
    this.docsUrl = definition.docsUrl ?? connector.docsUrl ?? null
    this.consoleUrl = definition.consoleUrl ?? connector.consoleUrl ?? null
    this.id = definition.id
    const { type, name } = authTypeOf(definition)
    this.type = type
    this.name = definition.label ?? name
    this.runs = executable(definition)
    this.redirects = redirects(this.runs)
    this.fetches = fetches(this.runs)
    const form = (name: 'connection' | 'account') =>
      definition[`${name}Fields`].map((field) => new FormField(field, fieldUse(definition, this.runs, name, field.key)))
    this.connectionFields = [
      ...environmentField(connector.environments),
      ...clientFields(definition, this.runs),
      ...form('connection'),
    ]
    this.accountFields = form('account').filter(({ key }) => !(shared && CLIENT_FIELDS.has(key)))
    this.scopes = scopesOf(this.runs)
    this.refreshable = renewal(this.runs) !== false
    this.verifiable =
      definition.verify !== undefined ||
      definition.identity !== undefined ||
      this.runs.verify !== undefined ||
      this.fetches
    this.status = definition.status.toUpperCase() as LifeStage
    this.endsOn = definition.endsOn ?? null
    this.readsSecrets = ['oauth1', 'signed_jwt', 'aws'].includes(this.runs.type) || this.appliesSecrets()
  }

  /** The method for a connection with an OAuth client of its own: the account form has no client fields. */
  sharing(): AuthMethod {
    return this.shared ? this : new AuthMethod(this.definition, this.connector, true)
  }

  /** The scopes of a connection that states none. */
  get defaultScopes(): string[] {
    if (!('scopes' in this.runs)) return []
    const { required, default: preselected, offline } = this.runs.scopes
    return [...new Set([...required, ...preselected, ...offline])]
  }

  private appliesSecrets(): boolean {
    const secrets = new Set([
      'app.client_secret',
      ...this.connectionFields.flatMap(({ key, secret }) => (secret ? [`connection.${key}`] : [])),
    ])
    const apply = 'apply' in this.runs ? this.runs.apply : undefined
    const templates = [apply?.headers, apply?.query, apply?.body, apply?.cookies].flatMap((list) =>
      Object.values(list ?? {}),
    )
    return templates.some((source) =>
      templateNames(source).some((name) => secrets.has(name) || /^connection\.\w+\./.test(name)),
    )
  }
}

/** The auth type in the API, and the name of a method that has no label. */
function authTypeOf(method: MethodDefinition): { type: AuthType; name: string } {
  switch (method.type) {
    case 'oauth2':
      return {
        authorization_code: { type: AuthType.OAUTH2, name: 'OAuth 2.0' },
        client_credentials: { type: AuthType.OAUTH2_CLIENT_CREDENTIALS, name: 'OAuth 2.0 client credentials' },
        jwt_bearer: { type: AuthType.OAUTH2_JWT_BEARER, name: 'Service account' },
      }[method.grant]
    case 'static':
      return {
        api_key: { type: AuthType.API_KEY, name: 'API key' },
        bearer: { type: AuthType.BEARER_TOKEN, name: 'Token' },
        basic: { type: AuthType.BASIC, name: 'User name and password' },
        custom: { type: AuthType.CUSTOM, name: 'Credentials' },
      }[method.preset]
    case 'oauth1':
      return { type: AuthType.OAUTH1, name: 'OAuth 1.0a' }
    case 'signed_jwt':
      return { type: AuthType.KEY_PAIR, name: 'Key pair' }
    case 'token_exchange':
      return { type: AuthType.TOKEN_EXCHANGE, name: 'Sign-in' }
    case 'app_installation':
      return { type: AuthType.APP_INSTALLATION, name: 'App installation' }
    case 'aws':
      return { type: AuthType.AWS, name: method.mode === 'access_key' ? 'Access key' : 'Role' }
    case 'mcp':
      return { type: AuthType.MCP, name: 'MCP server' }
    case 'none':
      return { type: AuthType.NONE, name: 'No credential' }
  }
}

/** What holds for every method of a kind with which there is nothing to get. */
function usualHelp(method: MethodDefinition): string | null {
  if (method.type === 'none' || (method.type === 'mcp' && method.auth === 'none')) return 'No key is needed.'
  const registersItself = method.type === 'mcp' && method.auth === 'oauth' && method.registration.some(isAutomatic)
  return registersItself
    ? 'Nothing to create: this server registers itself as a client. Where that is refused, enter a client of yours.'
    : null
}

const isAutomatic = (way: 'cimd' | 'dcr' | 'manual') => way !== 'manual'

/** The documented scopes, in the order of the form. */
function scopesOf(runs: ExecutableMethod): ScopeDefinition[] {
  if (!('scopes' in runs)) return []
  const scopes: ScopesDefinition = runs.scopes
  const described = new Map<string, string | null>()
  for (const scope of scopes.known)
    if (typeof scope === 'string') described.set(scope, null)
    else described.set(scope.value, scope.description)
  for (const [param, { known: values, label }] of Object.entries(scopes.extra))
    for (const value of values) described.set(`${param}:${value}`, label)
  const required = [...scopes.required, ...scopes.offline]
  return [...new Set([...required, ...scopes.default, ...described.keys()])].map((value) => ({
    value,
    description: described.get(value) ?? null,
    required: required.includes(value),
    default: scopes.default.includes(value),
  }))
}
