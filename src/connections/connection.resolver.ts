import { Arg, Args, Ctx, FieldResolver, ID, Mutation, ObjectType, Query, Resolver, Root } from 'type-graphql'
import { AuthMethod } from '../connectors/auth-method.js'
import { Connector } from '../connectors/connector.js'
import { FieldValue, fieldValues } from '../connectors/form.js'
import type { Context } from '../context.js'
import { nullWhereNotFound } from '../errors.js'
import { FirstArgs, type Page, PageArgs, pageOf } from '../page.js'
import { GraphQLURL } from '../scalars.js'
import { ConnectionFilter, CreateConnectionInput, UpdateConnectionInput } from './connection.input.js'
import { Connection } from './connection.js'
import type { Connections } from './connections.js'
import { ConnectionKeepAlive } from './keep-alive-measure.js'
import type { Setups } from './setups.js'

/** A page of connections. */
@ObjectType()
export class ConnectionPage extends pageOf(Connection) {}

/** GraphQL operations of connections. */
@Resolver(() => Connection)
export class ConnectionResolver {
  constructor(
    private readonly all: Connections,
    private readonly setups: Setups,
  ) {}

  @Query(() => ConnectionPage)
  connections(
    @Arg('filter', () => ConnectionFilter, { nullable: true }) filter: ConnectionFilter | null,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: Context,
  ): Promise<Page<Connection>> {
    return this.all.list(context, filter, page)
  }

  @Query(() => Connection, { nullable: true, description: 'By name or id.' })
  connection(@Arg('connection', () => ID) nameOrId: string, @Ctx() context: Context): Promise<Connection | null> {
    return this.all.one(context, nameOrId).catch(nullWhereNotFound)
  }

  @Mutation(() => Connection)
  createConnection(
    @Arg('input', () => CreateConnectionInput) input: CreateConnectionInput,
    @Ctx() context: Context,
  ): Promise<Connection> {
    return this.all.create(context, input)
  }

  @Mutation(() => Connection)
  updateConnection(
    @Arg('connection', () => ID) nameOrId: string,
    @Arg('input', () => UpdateConnectionInput) input: UpdateConnectionInput,
    @Ctx() context: Context,
  ): Promise<Connection> {
    return this.all.update(context, nameOrId, input)
  }

  @Mutation(() => Connection)
  enableConnection(@Arg('connection', () => ID) nameOrId: string, @Ctx() context: Context): Promise<Connection> {
    return this.all.enable(context, nameOrId)
  }

  @Mutation(() => Connection)
  disableConnection(@Arg('connection', () => ID) nameOrId: string, @Ctx() context: Context): Promise<Connection> {
    return this.all.disable(context, nameOrId)
  }

  @FieldResolver(() => ConnectionKeepAlive, {
    nullable: true,
    description:
      'Null where the provider sets no limit to idle grants, before it was first measured, and for a key that is ' +
      'bound to identifiers.',
  })
  keepAlive(@Root() connection: Connection, @Ctx() { caller }: Context): ConnectionKeepAlive | null {
    return caller.identifiers.length > 0 ? null : connection.keepAlive
  }

  @FieldResolver(() => Connector)
  connector(@Root() connection: Connection): Connector {
    return this.setups.connectorOf(connection)
  }

  @FieldResolver(() => AuthMethod)
  authMethod(@Root() connection: Connection): AuthMethod {
    return this.setups.methodOf(connection)
  }

  @FieldResolver(() => GraphQLURL, {
    nullable: true,
    description:
      'Registered with the provider as an allowed redirect URI. Unique to this connection; null where the auth ' +
      'type has no redirect.',
  })
  redirectUri(@Root() connection: Connection): string | null {
    const needsNone = this.setups.offers(connection) && !this.setups.methodOf(connection).redirects
    return needsNone ? null : this.setups.redirectUri(connection)
  }

  @FieldResolver(() => [FieldValue], {
    description: 'Values of the connection form. For secret ones only isSet is returned.',
  })
  fields(@Root() connection: Connection): FieldValue[] {
    const { connectionFields } = this.setups.methodOf(connection)
    return fieldValues(connectionFields, connection.values, connection.secretsSet)
  }
}

/** The field of a connector with its connections. */
@Resolver(() => Connector)
export class ConnectorConnectionsResolver {
  constructor(private readonly all: Connections) {}

  @FieldResolver(() => [Connection], {
    description: 'By name. For those after the first ones, ask connections with a filter.',
  })
  connections(
    @Root() connector: Connector,
    @Args(() => FirstArgs) first: FirstArgs,
    @Ctx() context: Context,
  ): Promise<Connection[]> {
    return this.all.ofConnector(context, connector, first)
  }
}
