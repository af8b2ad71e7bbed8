import { Arg, Ctx, Field, ID, Mutation, ObjectType, Query, Resolver } from 'type-graphql'
import type { Context } from '../context.js'
import { JSONObject } from '../scalars.js'
import { Connector } from './connector.js'
import type { CustomConnectors } from './custom-connectors.js'

@ObjectType({ description: 'What a definition would make.' })
export class ConnectorPreview {
  @Field(() => [String], {
    description: 'Where the definition does not hold to the format, and why; empty when it does.',
  })
  readonly problems!: string[]

  @Field(() => Connector, { nullable: true })
  readonly connector!: Connector | null
}

@Resolver(() => Connector)
export class CustomConnectorResolver {
  constructor(private readonly custom: CustomConnectors) {}

  @Query(() => ConnectorPreview, { description: 'Checks a definition as createConnector does, and stores nothing.' })
  connectorPreview(
    @Arg('definition', () => JSONObject) definition: Record<string, unknown>,
    @Ctx() context: Context,
  ): Promise<ConnectorPreview> {
    return this.custom.preview(context, definition)
  }

  @Mutation(() => Connector, {
    description: 'Takes the same definition that shipped connectors have: schema/connector.schema.json.',
  })
  createConnector(
    @Arg('definition', () => JSONObject) definition: Record<string, unknown>,
    @Ctx() context: Context,
  ): Promise<Connector> {
    return this.custom.create(context, definition)
  }

  @Mutation(() => Connector, {
    description:
      'Replaces the definition. What connections of it rely on has to stay: their auth methods, and the hosts that secrets go to.',
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
