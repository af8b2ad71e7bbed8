/**
 * A connector: a third-party service and the ways to authenticate with it. It is defined by a file in
 * `catalogue/` or by `createConnector`; this class and `AuthMethod` present the definition to the API.
 */
import { Field, ID, ObjectType, registerEnumType } from 'type-graphql'
import { ofJson } from '../complexity.js'
import { GraphQLURL, JSONObject } from '../scalars.js'
import { AuthMethod } from './auth-method.js'
import { type ConnectorDefinition, LARGEST_DEFINITION } from './definition.js'
import { LifeStage } from './life-stage.js'

export enum ConnectorOrigin {
  BUILT_IN = 'BUILT_IN',
  CUSTOM = 'CUSTOM',
}
registerEnumType(ConnectorOrigin, { name: 'ConnectorOrigin' })

/** A connector of the catalogue. */
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
    description: 'The day on which the provider ends it, as YYYY-MM-DD; null where none is announced.',
  })
  readonly endsOn: string | null
  @Field(() => GraphQLURL, {
    nullable: true,
    description: 'Page of the provider where the developer creates the app or the key.',
  })
  readonly consoleUrl: string | null
  @Field(() => [AuthMethod], {
    description: 'In order of preference; the first is the default of createConnection.',
  })
  readonly authMethods: AuthMethod[]
  @Field(() => JSONObject, {
    description: 'The definition as its author wrote it; a custom connector can start from it.',
    complexity: ofJson(LARGEST_DEFINITION),
  })
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
    this.consoleUrl = definition.consoleUrl ?? definition.auth[0]?.consoleUrl ?? null
    this.status = definition.status.toUpperCase() as LifeStage
    this.endsOn = definition.endsOn ?? null
    this.apiBaseUrl = definition.api.baseUrl ?? null
    this.authMethods = definition.auth.map((method) => new AuthMethod(method, definition))
  }

  /** The auth method with this id. */
  method(id: string): AuthMethod | undefined {
    return this.authMethods.find((method) => method.id === id)
  }
}
