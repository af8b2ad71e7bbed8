/**
 * A connector: a third-party service and the ways to authenticate with it. It is data, a file in
 * `catalogue/`, and these classes are that data as the API shows it.
 */

import { Field, ID, ObjectType, registerEnumType } from 'type-graphql'
import { type ExecutableMethod, fetches, redirects, renewal, type ScopesDefinition } from '../oauth/definition.js'
import { executable } from '../oauth/mcp.js'
import { templateNames } from '../oauth/template.js'
import { GraphQLURL, JSONObject } from '../scalars.js'
import type { ConnectorDefinition, MethodDefinition } from './definition.js'
import { FormField } from './form.js'

export enum ConnectorOrigin {
  BUILT_IN = 'BUILT_IN',
  CUSTOM = 'CUSTOM',
}
registerEnumType(ConnectorOrigin, { name: 'ConnectorOrigin' })

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

export enum LifeStage {
  STABLE = 'STABLE',
  BETA = 'BETA',
  LEGACY = 'LEGACY',
}
registerEnumType(LifeStage, {
  name: 'LifeStage',
  valuesConfig: { LEGACY: { description: 'The provider is ending it; endsOn says when, where it told.' } },
})

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

@ObjectType({ description: 'One way of authenticating with a connector, and the forms it needs.' })
export class AuthMethod {
  @Field(() => ID, { description: 'Unique within the connector, such as oauth or personal-token.' })
  readonly id: string
  @Field(() => AuthType)
  readonly type: AuthType
  @Field(() => String)
  readonly name: string
  @Field(() => [FormField], { description: 'What the connection form asks the developer, once.' })
  readonly connectionFields: FormField[]
  @Field(() => [FormField], { description: 'What the connected-account form asks each user.' })
  readonly accountFields: FormField[]
  @Field(() => [ScopeDefinition], {
    description: 'Known scopes; a connection may also use scopes that are not listed.',
  })
  readonly scopes: ScopeDefinition[]
  @Field(() => Boolean, {
    description:
      'Whether the provider can give a refresh token, and so whether access outlives the first access token.',
  })
  readonly refreshable: boolean
  @Field(() => Boolean, { description: 'Whether credentials are tried against the provider before they are saved.' })
  readonly verifiable: boolean
  @Field(() => LifeStage)
  readonly status: LifeStage
  @Field(() => String, {
    nullable: true,
    description: 'The day on which the provider ends it, as YYYY-MM-DD; null where it has not said.',
  })
  readonly endsOn: string | null

  /** What is executed. */
  readonly runs: ExecutableMethod
  /** Whether users are sent to the provider. */
  readonly redirects: boolean
  /** Whether tokens are fetched without the user. */
  readonly fetches: boolean
  /** Whether handing a credential out takes the connection's own secrets: to sign, or because they are part of it. */
  readonly readsSecrets: boolean

  constructor(
    readonly definition: MethodDefinition,
    private readonly environments: ConnectorDefinition['environments'],
    private readonly shared = false,
  ) {
    this.id = definition.id
    const { type, name } = kindOf(definition)
    this.type = type
    this.name = definition.label ?? name
    this.runs = executable(definition)
    this.redirects = redirects(this.runs)
    this.fetches = fetches(this.runs)
    const form = (fields: MethodDefinition['accountFields']) => fields.map((field) => new FormField(field))
    this.connectionFields = [
      ...environmentField(environments),
      ...appFields(definition, this.runs),
      ...form(definition.connectionFields),
    ]
    this.accountFields = form(definition.accountFields.filter(({ key }) => !(shared && CLIENT_FIELDS.has(key))))
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

  /** The method for a connection whose own client speaks for every account: accounts are not asked for theirs. */
  sharing(): AuthMethod {
    return this.shared ? this : new AuthMethod(this.definition, this.environments, true)
  }

  /** What is asked of the provider when a connection chooses nothing else. */
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

/** The contract's name for an auth type, and ours for a method that has no label. */
function kindOf(method: MethodDefinition): { type: AuthType; name: string } {
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

@ObjectType({ description: 'A third-party service that an agent can be connected to, and how it authenticates.' })
export class Connector {
  @Field(() => ID, { description: 'Stable key used in code, such as gmail.' })
  readonly key: string
  @Field(() => String)
  readonly name: string
  @Field(() => String, { nullable: true })
  readonly description: string | null
  @Field(() => [String])
  readonly categories: string[]
  @Field(() => ConnectorOrigin)
  readonly origin: ConnectorOrigin
  @Field(() => String, { description: 'Path of an SVG served by this server; works offline.' })
  readonly iconUrl: string
  @Field(() => GraphQLURL, {
    nullable: true,
    description: "The provider's own documentation on creating an app or key.",
  })
  readonly docsUrl: string | null
  @Field(() => String, {
    nullable: true,
    description: "Base URL of the provider's API; may hold {placeholders} filled from an account's fields.",
  })
  readonly apiBaseUrl: string | null
  @Field(() => LifeStage)
  readonly status: LifeStage
  @Field(() => String, {
    nullable: true,
    description: 'The day on which the provider ends it, as YYYY-MM-DD; null where it has not said.',
  })
  readonly endsOn: string | null
  @Field(() => GraphQLURL, { nullable: true, description: 'Where the developer makes the app or the key.' })
  readonly consoleUrl: string | null
  @Field(() => [AuthMethod], {
    description: 'In order of preference; the first is what createConnection uses when authMethod is left out.',
  })
  readonly authMethods: AuthMethod[]
  @Field(() => JSONObject, { description: 'As its author wrote it: what a custom connector of yours can begin from.' })
  readonly source: object

  constructor(
    readonly definition: ConnectorDefinition,
    origin: ConnectorOrigin,
    source: object = definition,
  ) {
    this.source = source
    this.key = definition.key
    this.name = definition.name
    this.description = definition.summary ?? null
    this.categories = definition.categories
    this.origin = origin
    this.iconUrl = `/icons/${definition.key}.svg`
    this.docsUrl = definition.docsUrl ?? null
    this.consoleUrl = definition.consoleUrl ?? null
    this.status = definition.status.toUpperCase() as LifeStage
    this.endsOn = definition.endsOn ?? null
    this.apiBaseUrl = definition.api.baseUrl ?? null
    this.authMethods = definition.auth.map((method) => new AuthMethod(method, definition.environments))
  }

  method(id: string): AuthMethod | undefined {
    return this.authMethods.find((method) => method.id === id)
  }
}

const CLIENT_FIELDS = new Set(['client_id', 'client_secret'])

/** The form's parts that every OAuth app has: connector-format.md §8. */
function appFields(method: MethodDefinition, runs: ExecutableMethod): FormField[] {
  if (runs.type !== 'oauth2' && runs.type !== 'oauth1' && runs.type !== 'app_installation') return []
  // An assertion is the app's own credential; a client comes with it only where the token call asks for one.
  if (runs.type === 'oauth2' && runs.grant === 'jwt_bearer' && runs.token.clientAuth === 'none') return []
  const asksAccounts = method.accountFields.some(({ key }) => CLIENT_FIELDS.has(key))
  const registersItself = method.type === 'mcp' && method.registration.some((way) => way !== 'manual')
  if (registersItself && method.type === 'mcp' && !method.registration.includes('manual')) return []
  const required = !asksAccounts && !registersItself
  const leave = asksAccounts
    ? ' Leave empty to ask each account for its own.'
    : registersItself
      ? ' Leave empty: the client registers itself where the server lets it.'
      : ''
  const field = (key: string, label: string, kind: 'text' | 'secret', help: string, needed = required) =>
    new FormField({ options: [], normalize: [], key, label, kind, required: needed, help: help + leave })
  const id = field(
    'client_id',
    runs.type === 'oauth1' ? 'Consumer key' : 'Client ID',
    'text',
    'From the app that you registered with the provider.',
  )
  const auth = runs.type === 'oauth2' ? runs.token.clientAuth : 'body'
  if ((auth === 'none' && method.type !== 'mcp') || auth === 'private_key_jwt') return [id]
  const secret = field(
    'client_secret',
    runs.type === 'oauth1' ? 'Consumer secret' : 'Client secret',
    'secret',
    'Kept encrypted; it can be replaced, and never read back.',
    required && method.type !== 'mcp',
  )
  return [id, secret]
}

function environmentField(environments: ConnectorDefinition['environments']): FormField[] {
  const names = Object.keys(environments ?? {})
  if (names.length === 0) return []
  const options = names.map((value) => ({ value, label: value.charAt(0).toUpperCase() + value.slice(1) }))
  return [
    new FormField({
      key: 'environment',
      label: 'Environment',
      kind: 'select',
      required: true,
      default: names[0],
      options,
      normalize: [],
    }),
  ]
}

function scopesOf(runs: ExecutableMethod): ScopeDefinition[] {
  if (!('scopes' in runs)) return []
  const scopes: ScopesDefinition = runs.scopes
  const described = new Map<string, string | null>()
  for (const known of scopes.known)
    described.set(typeof known === 'string' ? known : known.value, typeof known === 'string' ? null : known.description)
  for (const [param, { known, label }] of Object.entries(scopes.extra))
    for (const value of known) described.set(`${param}:${value}`, label)
  const required = [...scopes.required, ...scopes.offline]
  return [...new Set([...required, ...scopes.default, ...described.keys()])].map((value) => ({
    value,
    description: described.get(value) ?? null,
    required: required.includes(value),
    default: scopes.default.includes(value),
  }))
}
