import type { FilterQuery } from '@mikro-orm/core'
import {
  Arg,
  Args,
  Authorized,
  Ctx,
  FieldResolver,
  ID,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql'
import { Permission } from '../callers/permission.js'
import { AuthMethod } from '../connectors/auth-method.js'
import { Connector } from '../connectors/connector.js'
import { FieldValue, fieldValues } from '../connectors/form.js'
import type { Context } from '../context.js'
import { ValetkeyError } from '../errors.js'
import { containing, findPage, type Page, PageArgs, pageOf } from '../page.js'
import { GraphQLURL } from '../scalars.js'
import { ConnectionFilter, CreateConnectionInput, UpdateConnectionInput } from './connection.input.js'
import { Connection } from './connection.js'
import { type Connections, flushNamed } from './connections.js'

@ObjectType()
export class ConnectionPage extends pageOf(Connection) {}

@Resolver(() => Connection)
export class ConnectionResolver {
  constructor(private readonly all: Connections) {}

  @Authorized(Permission.CONNECTIONS_READ)
  @Query(() => ConnectionPage)
  async connections(
    @Arg('filter', () => ConnectionFilter, { nullable: true }) filter: ConnectionFilter | null,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { em, caller }: Context,
  ): Promise<Page<Connection>> {
    const where: FilterQuery<Connection>[] = []
    if (filter?.search) where.push({ name: { $ilike: containing(filter.search) } })
    if (filter?.connector) where.push({ connectorKey: filter.connector })
    if (filter?.status) where.push({ status: filter.status })
    if (caller.connections.length > 0) where.push({ name: { $in: [...caller.connections] } })
    return findPage(em, Connection, { $and: where }, page)
  }

  @Authorized(Permission.CONNECTIONS_READ)
  @Query(() => Connection, { nullable: true, description: 'By name or id.' })
  async connection(
    @Arg('connection', () => ID) nameOrId: string,
    @Ctx() { em, caller }: Context,
  ): Promise<Connection | null> {
    return this.all.find(em, caller, nameOrId).catch(nullWhereNotFound)
  }

  @Authorized(Permission.CONNECTIONS_WRITE)
  @Mutation(() => Connection)
  async createConnection(
    @Arg('input', () => CreateConnectionInput) input: CreateConnectionInput,
    @Ctx() { em, caller, audit }: Context,
  ): Promise<Connection> {
    const connection = await this.all.create(em, caller, input, new Date())
    audit.record(em, {
      action: 'connection.created',
      connection: connection.name,
      details: { connector: connection.connectorKey, authMethod: connection.methodId },
    })
    await flushNamed(em, connection.name)
    return this.asReady(em, connection)
  }

  @Authorized(Permission.CONNECTIONS_WRITE)
  @Mutation(() => Connection)
  async updateConnection(
    @Arg('connection', () => ID) nameOrId: string,
    @Arg('input', () => UpdateConnectionInput) input: UpdateConnectionInput,
    @Ctx() { em, caller, audit }: Context,
  ): Promise<Connection> {
    const updated = await em.transactional(async (em) => {
      const connection = await this.all.find(em, caller, nameOrId, true)
      const before = connection.name
      await this.all.update(em, caller, connection, input, new Date())
      const changed = [
        ...Object.keys(input).filter((key) => key !== 'fields'),
        ...(input.fields ?? []).map(({ key }) => `fields.${key}`),
      ]
      audit.record(em, {
        action: 'connection.updated',
        connection: connection.name,
        details: { changed, ...(before === connection.name ? {} : { renamedFrom: before }) },
      })
      await flushNamed(em, connection.name)
      return connection
    })
    return this.asReady(em, updated)
  }

  @Authorized(Permission.CONNECTIONS_WRITE)
  @Mutation(() => Connection)
  async enableConnection(
    @Arg('connection', () => ID) nameOrId: string,
    @Ctx() { em, caller, audit }: Context,
  ): Promise<Connection> {
    const enabled = await em.transactional(async (em) => {
      const connection = await this.all.find(em, caller, nameOrId, true)
      this.all.enable(connection, new Date())
      audit.record(em, { action: 'connection.enabled', connection: connection.name })
      return connection
    })
    return this.asReady(em, enabled)
  }

  @Authorized(Permission.CONNECTIONS_WRITE)
  @Mutation(() => Connection)
  async disableConnection(
    @Arg('connection', () => ID) nameOrId: string,
    @Ctx() { em, caller, audit }: Context,
  ): Promise<Connection> {
    return em.transactional(async (em) => {
      const connection = await this.all.find(em, caller, nameOrId, true)
      connection.disabled(new Date())
      audit.record(em, { action: 'connection.disabled', connection: connection.name })
      return connection
    })
  }

  /** After the commit: a provider that does not answer keeps no change from being stored. */
  private async asReady(em: Context['em'], connection: Connection): Promise<Connection> {
    await this.all.ready(connection)
    return em.refreshOrFail(connection)
  }

  @FieldResolver(() => Connector)
  connector(@Root() connection: Connection): Connector {
    return this.all.kind(connection).connector
  }

  @FieldResolver(() => AuthMethod)
  authMethod(@Root() connection: Connection): AuthMethod {
    return this.all.kind(connection).method
  }

  @FieldResolver(() => GraphQLURL, {
    nullable: true,
    description:
      'Registered with the provider as an allowed redirect URI. Unique to this connection; null where the auth type has no redirect.',
  })
  redirectUri(@Root() connection: Connection): string | null {
    return this.all.offers(connection) && !this.all.kind(connection).method.redirects
      ? null
      : this.all.redirectUri(connection)
  }

  @FieldResolver(() => [FieldValue], {
    description: 'Values of the connection form. Secret ones say only that they are set.',
  })
  fields(@Root() connection: Connection): FieldValue[] {
    return fieldValues(this.all.kind(connection).method.connectionFields, connection.values, connection.secretsSet)
  }
}

@Resolver(() => Connector)
export class ConnectorConnectionsResolver {
  @FieldResolver(() => [Connection])
  @Authorized(Permission.CONNECTIONS_READ)
  async connections(@Root() connector: Connector, @Ctx() { em, caller }: Context): Promise<Connection[]> {
    const bound = caller.connections.length > 0 ? { name: { $in: [...caller.connections] } } : {}
    return em.find(Connection, { connectorKey: connector.key, ...bound }, { orderBy: { name: 'asc' } })
  }
}

/** A query for one thing answers null where there is none, as GraphQL clients expect. */
function nullWhereNotFound(error: unknown): null {
  if (error instanceof ValetkeyError && error.code === 'NOT_FOUND') return null
  throw error
}
