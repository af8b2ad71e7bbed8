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
 * Every operation of the API with its permissions: the caller needs one of those in the list. An empty list
 * demands only an authenticated caller. Each use case begins with `context.authorize`, whose argument has to
 * be a key of this object, so that an operation without an entry does not compile.
 */
export const USE_CASES = {
  'Query.viewer': [],
  'Query.connectors': [],
  'Query.connector': [],
  'Query.connectorPreview': [CONNECTORS_WRITE],
  'Mutation.createConnector': [CONNECTORS_WRITE],
  'Mutation.updateConnector': [CONNECTORS_WRITE],
  'Mutation.deleteConnector': [CONNECTORS_WRITE],
  'Connector.connections': [CONNECTIONS_READ],
  'Query.connections': [CONNECTIONS_READ],
  'Query.connection': [CONNECTIONS_READ],
  'Mutation.createConnection': [CONNECTIONS_WRITE],
  'Mutation.updateConnection': [CONNECTIONS_WRITE],
  'Mutation.enableConnection': [CONNECTIONS_WRITE],
  'Mutation.disableConnection': [CONNECTIONS_WRITE],
  'Mutation.deleteConnection': [CONNECTIONS_WRITE],
  'Mutation.deleteConnection(disconnectAccounts)': [ACCOUNTS_WRITE],
  'Connection.accounts': [ACCOUNTS_READ],
  'Connection.accountsNeedingConsent': [ACCOUNTS_READ],
  'Query.connectedAccounts': [ACCOUNTS_READ],
  'Query.connectedAccount': [ACCOUNTS_READ, TOKENS_READ],
  'Subscription.connectedAccountChanged': [ACCOUNTS_READ],
  'ConnectedAccount.connection': [CONNECTIONS_READ],
  'ConnectedAccount.authorizationLinks': [ACCOUNTS_READ],
  'ConnectedAccount.token': [TOKENS_READ],
  'Mutation.createConnectedAccount': [ACCOUNTS_WRITE],
  'Mutation.updateConnectedAccount': [ACCOUNTS_WRITE],
  'Mutation.suspendConnectedAccount': [ACCOUNTS_WRITE],
  'Mutation.resumeConnectedAccount': [ACCOUNTS_WRITE],
  'Mutation.refreshConnectedAccount': [ACCOUNTS_WRITE],
  'Mutation.disconnectConnectedAccount': [ACCOUNTS_WRITE],
  'Mutation.deleteConnectedAccount': [ACCOUNTS_WRITE],
  'Mutation.startAuthorization': [AUTHORIZATIONS_START],
  'Mutation.revokeAuthorizationLink': [AUTHORIZATIONS_START],
  'Mutation.verifyAuthorization': [AUTHORIZATIONS_START],
  'Query.auditEvents': [AUDIT_READ],
  'GET /audit/export': [AUDIT_READ],
  'Query.apiKeys': [KEYS_WRITE],
  'Mutation.createApiKey': [KEYS_WRITE],
  'Mutation.revokeApiKey': [KEYS_WRITE],
} as const satisfies Record<string, readonly Permission[]>

/** Name of an operation. */
export type UseCase = keyof typeof USE_CASES
