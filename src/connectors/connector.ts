/**
 * A connector: a third-party service and the ways to authenticate with it. It is data, a file in
 * `catalogue/`, and these classes are that data as the API shows it.
 */

import { Field, ID, ObjectType, registerEnumType } from 'type-graphql'
import { GraphQLURL } from '../scalars.js'
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
    OAUTH2_JWT_BEARER: { description: 'A signed assertion exchanged for a token: service accounts, server-to-server apps.' },
    CUSTOM: { description: 'Several values that only make sense together.' },
    KEY_PAIR: { description: 'A private key that signs a token locally.' },
    TOKEN_EXCHANGE: { description: 'Credentials exchanged for a session token.' },
    APP_INSTALLATION: { description: 'An app installed in a workspace; short tokens minted on demand.' },
    MCP: { description: 'An MCP server: endpoints discovered, client registered automatically where the server allows.' },
  },
})

const STATIC_TYPES = {
  api_key: { type: AuthType.API_KEY, name: 'API key' },
  bearer: { type: AuthType.BEARER_TOKEN, name: 'Token' },
  basic: { type: AuthType.BASIC, name: 'User name and password' },
  custom: { type: AuthType.CUSTOM, name: 'Credentials' },
}

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
  @Field(() => [ScopeDefinition], { description: 'Known scopes; a connection may also use scopes that are not listed.' })
  readonly scopes: ScopeDefinition[]
  @Field(() => Boolean, { description: 'Whether the provider can give a refresh token, and so whether access outlives the first access token.' })
  readonly refreshable: boolean
  @Field(() => Boolean, { description: 'Whether credentials are tried against the provider before they are saved.' })
  readonly verifiable: boolean

  constructor(
    readonly definition: MethodDefinition,
    environments: ConnectorDefinition['environments'],
  ) {
    this.id = definition.id
    this.type = definition.type === 'oauth2' ? AuthType.OAUTH2 : STATIC_TYPES[definition.preset].type
    this.name = definition.label ?? (definition.type === 'oauth2' ? 'OAuth 2.0' : STATIC_TYPES[definition.preset].name)
    this.connectionFields = [...environmentField(environments), ...appFields(definition), ...definition.connectionFields.map((field) => new FormField(field))]
    this.accountFields = definition.accountFields.map((field) => new FormField(field))
    this.scopes = scopesOf(definition)
    this.refreshable = definition.type === 'oauth2' && definition.refresh !== false
    this.verifiable = definition.verify !== undefined || definition.identity !== undefined
  }

  /** What is asked of the provider when a connection chooses nothing else. */
  get defaultScopes(): string[] {
    if (this.definition.type !== 'oauth2') return []
    const { required, default: preselected, offline } = this.definition.scopes
    return [...new Set([...required, ...preselected, ...offline])]
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
  @Field(() => GraphQLURL, { nullable: true, description: "The provider's own documentation on creating an app or key." })
  readonly docsUrl: string | null
  @Field(() => String, { nullable: true, description: "Base URL of the provider's API; may hold {placeholders} filled from an account's fields." })
  readonly apiBaseUrl: string | null
  @Field(() => [AuthMethod], { description: 'In order of preference; the first is what createConnection uses when authMethod is left out.' })
  readonly authMethods: AuthMethod[]

  constructor(
    readonly definition: ConnectorDefinition,
    origin: ConnectorOrigin,
  ) {
    this.key = definition.key
    this.name = definition.name
    this.description = definition.summary ?? null
    this.categories = definition.categories
    this.origin = origin
    this.iconUrl = `/icons/${definition.key}.svg`
    this.docsUrl = definition.docsUrl ?? null
    this.apiBaseUrl = definition.api.baseUrl ?? null
    this.authMethods = definition.auth.map((method) => new AuthMethod(method, definition.environments))
  }

  method(id: string): AuthMethod | undefined {
    return this.authMethods.find((method) => method.id === id)
  }
}

/** The form's parts that every OAuth app has: connector-format.md §8. */
function appFields(method: MethodDefinition): FormField[] {
  if (method.type !== 'oauth2') return []
  const common = { options: [], normalize: [] }
  const id = new FormField({ ...common, key: 'client_id', label: 'Client ID', kind: 'text', required: true, help: 'From the app that you registered with the provider.' })
  const secret = new FormField({
    ...common,
    key: 'client_secret',
    label: 'Client secret',
    kind: 'secret',
    required: true,
    help: 'Kept encrypted; it can be replaced, and never read back.',
  })
  return method.token.clientAuth === 'none' ? [id] : [id, secret]
}

function environmentField(environments: ConnectorDefinition['environments']): FormField[] {
  const names = Object.keys(environments ?? {})
  if (names.length === 0) return []
  const options = names.map((value) => ({ value, label: value.charAt(0).toUpperCase() + value.slice(1) }))
  return [new FormField({ key: 'environment', label: 'Environment', kind: 'select', required: true, default: names[0], options, normalize: [] })]
}

function scopesOf(method: MethodDefinition): ScopeDefinition[] {
  if (method.type !== 'oauth2') return []
  const { scopes } = method
  const described = new Map<string, string | null>()
  for (const known of scopes.known) described.set(typeof known === 'string' ? known : known.value, typeof known === 'string' ? null : known.description)
  const required = [...scopes.required, ...scopes.offline]
  return [...new Set([...required, ...scopes.default, ...described.keys()])].map((value) => ({
    value,
    description: described.get(value) ?? null,
    required: required.includes(value),
    default: scopes.default.includes(value),
  }))
}
