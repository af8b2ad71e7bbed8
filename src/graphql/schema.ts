/**
 * The GraphQL schema: the only place that knows every resolver. Who may run what is decided here, for
 * every operation and denied by default: a resolver without `@Authorized` is a field of something
 * that was authorized already.
 */
import type { GraphQLSchema } from 'graphql'
import { type AuthChecker, buildSchemaSync, type PubSub } from 'type-graphql'
import { AuditOutcome } from '../audit/audit-event.js'
import { AuditEventResolver } from '../audit/audit-event.resolver.js'
import { AccountLinksResolver, AuthorizationResolver } from '../authorization/authorization.resolver.js'
import { ApiKeyResolver } from '../callers/api-key.resolver.js'
import type { Permission } from '../callers/permission.js'
import { ViewerResolver } from '../callers/viewer.resolver.js'
import { ConnectedAccountResolver } from '../connected-accounts/connected-account.resolver.js'
import { ConnectionAccountsResolver } from '../connected-accounts/connection-accounts.resolver.js'
import { ConnectionResolver, ConnectorConnectionsResolver } from '../connections/connection.resolver.js'
import { ConnectorResolver } from '../connectors/connector.resolver.js'
import { CustomConnectorResolver } from '../connectors/custom-connector.resolver.js'
import type { Context } from '../context.js'
import { ValetkeyError } from '../errors.js'
import type { Services } from './services.js'

/** TypeGraphQL demands one; subscriptions here bring their own (account-changes.ts). */
const NONE: PubSub = {
  publish() {
    throw new Error('Nothing is published in the process: PostgreSQL tells every replica.')
  },
  subscribe() {
    throw new Error('A subscription says where its events come from.')
  },
}

/** @param services what the resolvers work with; none where the schema is only printed */
export function createSchema(services: Services | null): GraphQLSchema {
  const resolvers = services
    ? new Map<unknown, object>([
        [ApiKeyResolver, new ApiKeyResolver(services.callers)],
        [ConnectorResolver, new ConnectorResolver(services.catalogue)],
        [CustomConnectorResolver, new CustomConnectorResolver(services.customConnectors)],
        [ConnectionResolver, new ConnectionResolver(services.connections)],
        [
          ConnectedAccountResolver,
          new ConnectedAccountResolver(services.accounts, services.connections, services.tokens, services.refresher),
        ],
        [ConnectionAccountsResolver, new ConnectionAccountsResolver(services.connections, services.accounts)],
        [AuthorizationResolver, new AuthorizationResolver(services.authorizations, services.verifications)],
        [AuditEventResolver, new AuditEventResolver()],
        [ConnectorConnectionsResolver, new ConnectorConnectionsResolver()],
        [AccountLinksResolver, new AccountLinksResolver()],
        [ViewerResolver, new ViewerResolver()],
      ])
    : new Map()
  /** Any one of the permissions named is enough; none named asks for a caller and no more. */
  const authChecker: AuthChecker<Context, Permission> = async ({ context: { caller, audit }, info }, permissions) => {
    if (permissions.length === 0 || permissions.some((permission) => caller.permissions.has(permission))) return true
    await services?.auditLog.write(
      audit.event({
        action: 'operation.denied',
        outcome: AuditOutcome.DENIED,
        details: { field: `${info.parentType.name}.${info.fieldName}`, needs: permissions },
      }),
    )
    throw new ValetkeyError('FORBIDDEN', `This API key lacks the permission ${permissions.join(' or ')}.`)
  }
  return buildSchemaSync({
    resolvers: [
      ApiKeyResolver,
      ConnectorResolver,
      CustomConnectorResolver,
      ConnectionResolver,
      ConnectedAccountResolver,
      ConnectionAccountsResolver,
      AuthorizationResolver,
      AuditEventResolver,
      ConnectorConnectionsResolver,
      AccountLinksResolver,
      ViewerResolver,
    ],
    container: { get: (kind) => resolvers.get(kind) },
    authChecker,
    validate: false,
    pubSub: NONE,
  })
}
