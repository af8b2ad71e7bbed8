/**
 * The GraphQL schema, built from all resolvers. Each resolver method calls one use case, which checks the caller's
 * permission (callers/use-cases.ts).
 */
import { type GraphQLArgument, type GraphQLSchema, isIntrospectionType, isObjectType } from 'graphql'
import { buildSchemaSync, type PubSub } from 'type-graphql'
import { AuditEventResolver } from '../audit/audit-event.resolver.js'
import { AccountLinksResolver, AuthorizationResolver } from '../authorization/authorization.resolver.js'
import { ApiKeyResolver } from '../callers/api-key.resolver.js'
import { ViewerResolver } from '../callers/viewer.resolver.js'
import { ConnectedAccountResolver } from '../connected-accounts/connected-account.resolver.js'
import { ConnectionAccountsResolver } from '../connected-accounts/connection-accounts.resolver.js'
import { ConnectionResolver, ConnectorConnectionsResolver } from '../connections/connection.resolver.js'
import { ConnectorResolver } from '../connectors/connector.resolver.js'
import { CustomConnectorResolver } from '../connectors/custom-connector.resolver.js'
import { AccountCredentialsResolver } from '../credentials/account-credentials.resolver.js'
import { ConnectionDeletionResolver } from '../credentials/connection-deletion.resolver.js'
import { publicPath } from '../public-path.js'
import { RefreshResolver } from '../refresh/refresh.resolver.js'
import { tellOneReading } from '../tokens/one-reading.js'
import { TokenResolver } from '../tokens/token.resolver.js'
import { assertDecided } from './decisions.js'
import { describe } from './descriptions.js'
import { recordMisses } from './misses.js'
import type { Services } from './services.js'

/** TypeGraphQL requires a PubSub; our subscriptions have their own source of events (account-changes.ts). */
const NO_PUBSUB: PubSub = {
  publish() {
    throw new Error('Nothing is published in the process: PostgreSQL notifies every replica.')
  },
  subscribe() {
    throw new Error('A subscription has to define its own source of events.')
  },
}

const RESOLVERS = [
  ApiKeyResolver,
  ConnectorResolver,
  CustomConnectorResolver,
  ConnectionResolver,
  ConnectedAccountResolver,
  AccountCredentialsResolver,
  RefreshResolver,
  TokenResolver,
  ConnectionAccountsResolver,
  ConnectionDeletionResolver,
  AuthorizationResolver,
  AuditEventResolver,
  ConnectorConnectionsResolver,
  AccountLinksResolver,
  ViewerResolver,
] as const

/**
 * Builds the schema.
 *
 * @param services for the resolvers; null where the schema is only printed
 * @throws {Error} where somebody added a field and nobody decided who may read it
 */
export function createSchema(services: Services | null): GraphQLSchema {
  const resolvers = new Map((services ? resolversOf(services) : []).map((resolver) => [resolver.constructor, resolver]))
  const schema = buildSchemaSync({
    resolvers: RESOLVERS,
    container: { get: (resolver) => resolvers.get(resolver) },
    validate: false,
    pubSub: NO_PUBSUB,
  })
  assertDecided(schema)
  describe(schema)
  orderArguments(schema)
  tellOneReading(schema)
  return services ? recordMisses(schema, services.limits) : schema
}

/** Arguments that come first, and after them the others in the order of the code. */
const FIRST_ARGUMENTS = ['connection', 'identifier', 'id', 'key', 'definition', 'input', 'filter', 'first', 'after']

/** Puts arguments in one order: decorators of parameters run from the last to the first. */
function orderArguments(schema: GraphQLSchema) {
  const rank = ({ name }: { name: string }) => (FIRST_ARGUMENTS.indexOf(name) + 1 || FIRST_ARGUMENTS.length + 1) - 1
  for (const type of Object.values(schema.getTypeMap()))
    if (isObjectType(type) && !isIntrospectionType(type))
      for (const { args } of Object.values(type.getFields()))
        (args as GraphQLArgument[]).sort((one, other) => rank(one) - rank(other))
}

function resolversOf(services: Services): InstanceType<(typeof RESOLVERS)[number]>[] {
  return [
    new ApiKeyResolver(services.apiKeys),
    new ConnectorResolver(services.connectors, publicPath(services.setups.publicUrl)),
    new CustomConnectorResolver(services.customConnectors),
    new ConnectionResolver(services.connections, services.setups),
    new ConnectedAccountResolver(services.accounts, services.setups),
    new AccountCredentialsResolver(services.accountCredentials),
    new RefreshResolver(services.refreshOnDemand),
    new TokenResolver(services.gate),
    new ConnectionAccountsResolver(services.accounts),
    new ConnectionDeletionResolver(services.connectionDeletions),
    new AuthorizationResolver(services.links, services.verifications),
    new AuditEventResolver(),
    new ConnectorConnectionsResolver(services.connections),
    new AccountLinksResolver(services.links),
    new ViewerResolver(services.apiKeys),
  ]
}
