import type { AuditLog } from './audit/audit.js'
import type { Authorizations } from './authorization/authorizations.js'
import type { Callers } from './callers/caller.js'
import type { ConnectedAccounts } from './connected-accounts/connected-accounts.js'
import type { Refresher } from './connected-accounts/refresh.js'
import type { Tokens } from './connected-accounts/token.js'
import type { Connections } from './connections/connections.js'
import type { Catalogue } from './connectors/catalogue.js'

/** What app.ts builds and the edges (resolvers and routes) work with. */
export interface Services {
  callers: Callers
  catalogue: Catalogue
  connections: Connections
  accounts: ConnectedAccounts
  refresher: Refresher
  tokens: Tokens
  authorizations: Authorizations
  auditLog: AuditLog
}
