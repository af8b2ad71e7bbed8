import { Permission } from './permission.js'

const {
  CONNECTORS_WRITE,
  CONNECTIONS_READ,
  CONNECTIONS_WRITE,
  ACCOUNTS_READ,
  ACCOUNTS_WRITE,
  AUTHORIZATIONS_START,
  TOKENS_READ,
  AUDIT_READ,
  KEYS_WRITE,
} = Permission

/**
 * How far a use case reaches. What concerns one account is open to keys that are bound to accounts; each use case
 * checks whether the account is one of theirs. What all users of a connection share needs a key that is not bound to
 * identifiers, and what connections share one that is not bound at all.
 */
export type Reach = 'account' | 'connection' | 'server'

const use = (reach: Reach, ...needs: Permission[]): { reach: Reach; needs: readonly Permission[] } => ({ reach, needs })

/**
 * Every operation of the API with its reach and its permissions: the caller needs one of those in the list. An empty
 * list demands only an authenticated caller. Each use case begins with `context.authorize`, whose argument has to
 * be a key of this object, so that an operation without an entry does not compile. `(name)` stands for the use of an
 * argument that needs more. A field of the schema that is neither here nor in graphql/decisions.ts stops the start.
 */
export const USE_CASES = {
  'Query.viewer': use('account'),
  'Query.connectors': use('account'),
  'Query.connector': use('account'),
  'Query.connectorPreview': use('account', CONNECTORS_WRITE),
  'Mutation.createConnector': use('server', CONNECTORS_WRITE),
  'Mutation.updateConnector': use('server', CONNECTORS_WRITE),
  'Mutation.deleteConnector': use('server', CONNECTORS_WRITE),
  'Connector.connections': use('account', CONNECTIONS_READ),
  'Query.connections': use('account', CONNECTIONS_READ),
  'Query.connection': use('account', CONNECTIONS_READ),
  'Mutation.createConnection': use('server', CONNECTIONS_WRITE),
  'Mutation.updateConnection': use('connection', CONNECTIONS_WRITE),
  'Mutation.updateConnection(name)': use('server', CONNECTIONS_WRITE),
  'Mutation.enableConnection': use('connection', CONNECTIONS_WRITE),
  'Mutation.disableConnection': use('connection', CONNECTIONS_WRITE),
  'Mutation.deleteConnection': use('connection', CONNECTIONS_WRITE),
  'Mutation.deleteConnection(disconnectAccounts)': use('connection', ACCOUNTS_WRITE),
  'Connection.accounts': use('account', ACCOUNTS_READ),
  'Connection.accountsNeedingConsent': use('account', ACCOUNTS_READ),
  'Query.connectedAccounts': use('account', ACCOUNTS_READ),
  'Query.connectedAccount': use('account', ACCOUNTS_READ, TOKENS_READ),
  'Query.token': use('account', TOKENS_READ),
  'Subscription.connectedAccountChanged': use('account', ACCOUNTS_READ),
  'ConnectedAccount.connection': use('account', CONNECTIONS_READ),
  'ConnectedAccount.authorizationLinks': use('account', ACCOUNTS_READ),
  'ConnectedAccount.metadata': use('account', ACCOUNTS_READ),
  'ConnectedAccount.providerIdentity': use('account', ACCOUNTS_READ),
  'ConnectedAccount.token': use('account', TOKENS_READ),
  'Mutation.createConnectedAccount': use('account', ACCOUNTS_WRITE),
  'Mutation.updateConnectedAccount': use('account', ACCOUNTS_WRITE),
  'Mutation.suspendConnectedAccount': use('account', ACCOUNTS_WRITE),
  'Mutation.resumeConnectedAccount': use('account', ACCOUNTS_WRITE),
  'Mutation.refreshConnectedAccount': use('account', ACCOUNTS_WRITE),
  'Mutation.disconnectConnectedAccount': use('account', ACCOUNTS_WRITE),
  'Mutation.deleteConnectedAccount': use('account', ACCOUNTS_WRITE),
  'Mutation.startAuthorization': use('account', AUTHORIZATIONS_START),
  'Mutation.revokeAuthorizationLink': use('account', AUTHORIZATIONS_START),
  'Mutation.verifyAuthorization': use('account', AUTHORIZATIONS_START),
  'Query.auditEvents': use('account', AUDIT_READ),
  'GET /audit/export': use('account', AUDIT_READ),
  'Query.apiKeys': use('account', KEYS_WRITE),
  'Mutation.createApiKey': use('account', KEYS_WRITE),
  'Mutation.rotateApiKey': use('account', KEYS_WRITE),
  'Mutation.revokeApiKey': use('account', KEYS_WRITE),
} as const satisfies Record<string, { reach: Reach; needs: readonly Permission[] }>

/** Name of an operation. */
export type UseCase = keyof typeof USE_CASES
