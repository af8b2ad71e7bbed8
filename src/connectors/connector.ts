/**
 * A connector: a third-party service and the ways to authenticate with it. It is data, a file in
 * `catalogue/`; this class and `AuthMethod` are that data as the API shows it.
 */
import { Field, ID, ObjectType, registerEnumType } from 'type-graphql'
import { GraphQLURL, JSONObject } from '../scalars.js'
import { AuthMethod } from './auth-method.js'
import type { ConnectorDefinition } from './definition.js'
import { LifeStage } from './life-stage.js'

export enum ConnectorOrigin {
  BUILT_IN = 'BUILT_IN',
  CUSTOM = 'CUSTOM',
}
registerEnumType(ConnectorOrigin, { name: 'ConnectorOrigin' })

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
