import type { AuditLog } from '../audit/audit.js'
import type { Authorizations } from '../authorization/authorizations.js'
import type { Verifications } from '../authorization/verifications.js'
import type { Callers } from '../callers/caller.js'
import type { ConnectedAccounts } from '../connected-accounts/connected-accounts.js'
import type { Connections } from '../connections/connections.js'
import type { Catalogue } from '../connectors/catalogue.js'
import type { CustomConnectors } from '../connectors/custom-connectors.js'
import type { KeepAlive } from '../refresh/keep-alive.js'
import type { Refresher } from '../refresh/refresh.js'
import type { Tokens } from '../tokens/token.js'

/** What app.ts builds and the edges (resolvers and routes) work with. */
export interface Services {
  callers: Callers
  catalogue: Catalogue
  customConnectors: CustomConnectors
  connections: Connections
  accounts: ConnectedAccounts
  refresher: Refresher
  keepAlive: KeepAlive
  tokens: Tokens
  authorizations: Authorizations
  verifications: Verifications
  auditLog: AuditLog
}
