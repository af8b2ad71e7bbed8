import { Arg, Ctx, Field, ID, Mutation, ObjectType, Query, Resolver } from 'type-graphql'
import { ALONE } from '../complexity.js'
import type { Context } from '../context.js'
import { JSONObject } from '../scalars.js'
import { Connector } from './connector.js'
import type { CustomConnectors } from './custom-connectors.js'

/** The result of checking a definition. */
@ObjectType({ description: 'The connector that a definition would create.' })
export class ConnectorPreview {
  @Field(() => [String], {
    description: 'Faults of the definition, each with its path; empty for a valid one.',
  })
  readonly problems!: string[]

  @Field(() => Connector, { nullable: true })
  readonly connector!: Connector | null
}

/** GraphQL operations of custom connectors. */
@Resolver(() => Connector)
export class CustomConnectorResolver {
  constructor(private readonly custom: CustomConnectors) {}

  @Query(() => ConnectorPreview, {
    description: 'Checks a definition as createConnector does, and stores nothing.',
    complexity: ALONE,
  })
  connectorPreview(
    @Arg('definition', () => JSONObject) definition: Record<string, unknown>,
    @Ctx() context: Context,
  ): Promise<ConnectorPreview> {
    return this.custom.preview(context, definition)
  }

  @Mutation(() => Connector, {
    description: 'Takes the same definition that shipped connectors have: schema/connector.schema.json.',
    complexity: ALONE,
  })
  createConnector(
    @Arg('definition', () => JSONObject) definition: Record<string, unknown>,
    @Ctx() context: Context,
  ): Promise<Connector> {
    return this.custom.create(context, definition)
  }

  @Mutation(() => Connector, {
    description:
      'Replaces the definition. The auth methods of its connections, and the hosts to which their secrets are ' +
      'sent, must not change.',
    complexity: ALONE,
  })
  updateConnector(
    @Arg('key', () => ID) key: string,
    @Arg('definition', () => JSONObject) definition: Record<string, unknown>,
    @Ctx() context: Context,
  ): Promise<Connector> {
    return this.custom.update(context, key, definition)
  }

  @Mutation(() => Boolean, { description: 'Refused while connections use it.' })
  async deleteConnector(@Arg('key', () => ID) key: string, @Ctx() context: Context): Promise<boolean> {
    await this.custom.remove(context, key)
    return true
  }
}
