import { Arg, Authorized, Ctx, Field, ID, Mutation, ObjectType, Query, Resolver } from 'type-graphql'
import { Permission } from '../callers/permission.js'
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

  @Authorized(Permission.CONNECTORS_WRITE)
  @Query(() => ConnectorPreview, { description: 'Checks a definition as createConnector does, and stores nothing.' })
  connectorPreview(@Arg('definition', () => JSONObject) definition: Record<string, unknown>): ConnectorPreview {
    return this.custom.preview(definition)
  }

  @Authorized(Permission.CONNECTORS_WRITE)
  @Mutation(() => Connector, {
    description: 'Takes the same definition that shipped connectors have: schema/connector.schema.json.',
  })
  async createConnector(
    @Arg('definition', () => JSONObject) definition: Record<string, unknown>,
    @Ctx() { em, audit }: Context,
  ): Promise<Connector> {
    const connector = await em.transactional(async (em) => {
      const made = await this.custom.create(em, definition)
      audit.record(em, { action: 'connector.created', details: { connector: made.key } })
      return made
    })
    await this.custom.changed()
    return connector
  }

  @Authorized(Permission.CONNECTORS_WRITE)
  @Mutation(() => Connector, {
    description:
      'Replaces the definition. What connections of it rely on has to stay: their auth methods, and the hosts that secrets go to.',
  })
  async updateConnector(
    @Arg('key', () => ID) key: string,
    @Arg('definition', () => JSONObject) definition: Record<string, unknown>,
    @Ctx() { em, audit }: Context,
  ): Promise<Connector> {
    const connector = await em.transactional(async (em) => {
      const made = await this.custom.update(em, key, definition, new Date())
      audit.record(em, { action: 'connector.updated', details: { connector: key } })
      return made
    })
    await this.custom.changed()
    return connector
  }

  @Authorized(Permission.CONNECTORS_WRITE)
  @Mutation(() => Boolean, { description: 'Refused while connections use it.' })
  async deleteConnector(@Arg('key', () => ID) key: string, @Ctx() { em, audit }: Context): Promise<boolean> {
    await em.transactional(async (em) => {
      await this.custom.remove(em, key)
      audit.record(em, { action: 'connector.deleted', details: { connector: key } })
    })
    await this.custom.changed()
    return true
  }
}
