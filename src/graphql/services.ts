import type { Links } from '../authorization/links.js'
import type { Verifications } from '../authorization/verifications.js'
import type { ApiKeys } from '../callers/api-keys.js'
import type { ConnectedAccounts } from '../connected-accounts/connected-accounts.js'
import type { Connections } from '../connections/connections.js'
import type { Setups } from '../connections/setups.js'
import type { Connectors } from '../connectors/connectors.js'
import type { CustomConnectors } from '../connectors/custom-connectors.js'
import type { AccountCredentials } from '../credentials/account-credentials.js'
import type { ConnectionDeletions } from '../credentials/connection-deletions.js'
import type { Limits } from '../limits/limits.js'
import type { RefreshOnDemand } from '../refresh/on-demand.js'
import type { Gate } from '../tokens/gate.js'

/** The services that the resolvers call. */
export interface Services {
  apiKeys: ApiKeys
  connectors: Connectors
  customConnectors: CustomConnectors
  connections: Connections
  setups: Setups
  accounts: ConnectedAccounts
  accountCredentials: AccountCredentials
  connectionDeletions: ConnectionDeletions
  refreshOnDemand: RefreshOnDemand
  gate: Gate
  limits: Limits
  links: Links
  verifications: Verifications
}
