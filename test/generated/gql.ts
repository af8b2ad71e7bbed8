/* eslint-disable */
import * as types from './graphql.js';



/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "mutation RevokeLink($id: ID!) { revokeAuthorizationLink(id: $id) { id status url } }": typeof types.RevokeLinkDocument,
    "mutation Touch($connection: ID!) { updateConnection(connection: $connection, input: { scopes: [\"openid\", \"email\"] }) { id } }": typeof types.TouchDocument,
    "query Uri($connection: ID!, $identifier: String!) { connectedAccount(connection: $connection, identifier: $identifier) { connection { redirectUri } } }": typeof types.UriDocument,
    "query StatusOfConnection($connection: ID!) { connection(connection: $connection) { status redirectUri } }": typeof types.StatusOfConnectionDocument,
    "mutation VerifyInBrowser($input: VerifyAuthorizationInput!) { verifyAuthorization(input: $input) { status } }": typeof types.VerifyInBrowserDocument,
    "mutation RevokeInBrowser($id: ID!) { revokeAuthorizationLink(id: $id) { status } }": typeof types.RevokeInBrowserDocument,
    "mutation RevokeKey($id: ID!) { revokeApiKey(id: $id) { id revokedAt } }": typeof types.RevokeKeyDocument,
    "query ListKeys { apiKeys { id name prefix lastUsedAt permissions } }": typeof types.ListKeysDocument,
    "query ListConnections { connections { totalCount items { name accountCount } } }": typeof types.ListConnectionsDocument,
    "query ListAccounts { connectedAccounts { totalCount items { identifier } } }": typeof types.ListAccountsDocument,
    "mutation SuspendForeign($id: ID!) { suspendConnectedAccount(id: $id) { id } }": typeof types.SuspendForeignDocument,
    "mutation Rename { updateConnection(connection: \"old-name\", input: { name: \"new-name\" }) { id } }": typeof types.RenameDocument,
    "\n  mutation UpdateConnection($connection: ID!, $input: UpdateConnectionInput!) {\n    updateConnection(connection: $connection, input: $input) { id name status problem scopes userVerification fields { key value isSet secret } }\n  }\n": typeof types.UpdateConnectionDocument,
    "mutation Enable($connection: ID!) { enableConnection(connection: $connection) { status problem } }": typeof types.EnableDocument,
    "mutation Disable($connection: ID!) { disableConnection(connection: $connection) { status problem } }": typeof types.DisableDocument,
    "mutation Remove($connection: ID!, $disconnectAccounts: Boolean) { deleteConnection(connection: $connection, disconnectAccounts: $disconnectAccounts) }": typeof types.RemoveDocument,
    "\n  query List($filter: ConnectionFilter, $first: Int, $after: String) {\n    connections(filter: $filter, first: $first, after: $after) { items { id name status accountCount } totalCount endCursor hasNextPage }\n  }\n": typeof types.ListDocument,
    "query One($connection: ID!) { connection(connection: $connection) { id name accountsNeedingConsent { totalCount items { identifier missingScopes } } accounts(first: 1) { totalCount items { identifier } } } }": typeof types.OneDocument,
    "mutation UpdateConnector($key: ID!, $definition: JSONObject!) { updateConnector(key: $key, definition: $definition) { key name source } }": typeof types.UpdateConnectorDocument,
    "mutation DeleteConnector($key: ID!) { deleteConnector(key: $key) }": typeof types.DeleteConnectorDocument,
    "mutation DeleteMade($connection: ID!) { deleteConnection(connection: $connection, disconnectAccounts: true) }": typeof types.DeleteMadeDocument,
    "query ReadConnector($key: ID!) { connector(key: $key) { key name origin iconUrl source authMethods { id type } } }": typeof types.ReadConnectorDocument,
    "query ListConnectors($filter: ConnectorFilter) { connectors(filter: $filter, first: 200) { totalCount items { key } } }": typeof types.ListConnectorsDocument,
    "query ReadViewer { viewer { name permissions connections identifiers } }": typeof types.ReadViewerDocument,
    "mutation RevokeKeyOfSession($id: ID!) { revokeApiKey(id: $id) { id } }": typeof types.RevokeKeyOfSessionDocument,
    "query StatusOf($connection: ID!, $identifier: String!) { connectedAccount(connection: $connection, identifier: $identifier) { status statusReason lastRefresh { succeeded providerError } } }": typeof types.StatusOfDocument,
    "query OracleConnector($key: ID!) { connector(key: $key) { key } }": typeof types.OracleConnectorDocument,
    "mutation DisconnectModel($id: ID!) { disconnectConnectedAccount(id: $id) { revocation } }": typeof types.DisconnectModelDocument,
    "mutation Verify($input: VerifyAuthorizationInput!) { verifyAuthorization(input: $input) { id status identifier } }": typeof types.VerifyDocument,
    "mutation SetVerification($connection: ID!, $mode: UserVerification!) { updateConnection(connection: $connection, input: { userVerification: $mode }) { userVerification } }": typeof types.SetVerificationDocument,
    "mutation DisconnectHosted($id: ID!) { disconnectConnectedAccount(id: $id) { revocation } }": typeof types.DisconnectHostedDocument,
    "mutation SuspendHosted($id: ID!) { suspendConnectedAccount(id: $id) { status } }": typeof types.SuspendHostedDocument,
    "mutation ResumeHosted($id: ID!) { resumeConnectedAccount(id: $id) { status } }": typeof types.ResumeHostedDocument,
    "\n  mutation RemoveWithAccounts($connection: ID!) { deleteConnection(connection: $connection, disconnectAccounts: true) }\n": typeof types.RemoveWithAccountsDocument,
    "\n  query DeletionState($connection: ID!) {\n    connection(connection: $connection) { status problem accountCount deletion { startedAt accounts accountsLeft } }\n  }\n": typeof types.DeletionStateDocument,
    "mutation EnableDeleted($connection: ID!) { enableConnection(connection: $connection) { status } }": typeof types.EnableDeletedDocument,
    "mutation DisconnectForJobs($id: ID!) { disconnectConnectedAccount(id: $id) { revocation } }": typeof types.DisconnectForJobsDocument,
    "mutation UpdateKeys($id: ID!, $input: UpdateConnectedAccountInput!) { updateConnectedAccount(id: $id, input: $input) { status } }": typeof types.UpdateKeysDocument,
    "mutation DisconnectKeys($id: ID!) { disconnectConnectedAccount(id: $id) { revocation } }": typeof types.DisconnectKeysDocument,
    "mutation RefreshKeys($id: ID!) { refreshConnectedAccount(id: $id) { status } }": typeof types.RefreshKeysDocument,
    "\n  query ReadCredential($connection: ID!, $identifier: String!) {\n    connectedAccount(connection: $connection, identifier: $identifier) {\n      id\n      token(minValidity: 3600) {\n        __typename\n        ... on Credential { headers { name value } queryParams { name value } apiBaseUrl expiresAt }\n        ... on OAuthToken { accessToken tokenType scopes }\n        ... on ApiKeyCredential { apiKey }\n        ... on BasicCredential { username password }\n        ... on CustomCredential { values { key value } }\n        ... on AuthorizationRequired { status }\n      }\n    }\n  }\n": typeof types.ReadCredentialDocument,
    "mutation DisconnectOidc($id: ID!) { disconnectConnectedAccount(id: $id) { revocation message } }": typeof types.DisconnectOidcDocument,
    "\n  query ReadRejected($connection: ID!, $identifier: String!, $rejected: String) {\n    connectedAccount(connection: $connection, identifier: $identifier) { token(rejected: $rejected) { __typename ... on OAuthToken { accessToken } ... on ProviderUnavailable { reason retryAfter } } }\n  }\n": typeof types.ReadRejectedDocument,
    "\n  mutation CreateConnection($input: CreateConnectionInput!) {\n    createConnection(input: $input) { id name status problem redirectUri scopes userVerification connector { key } authMethod { id type } fields { key value isSet secret } }\n  }\n": typeof types.CreateConnectionDocument,
    "\n  mutation StartAuthorization($input: StartAuthorizationInput!) {\n    startAuthorization(input: $input) { id url status scopes expiresAt account { id status identifier } }\n  }\n": typeof types.StartAuthorizationDocument,
    "\n  query ReadToken($connection: ID!, $identifier: String!, $minValidity: Int, $scopes: [String!], $purpose: String) {\n    connectedAccount(connection: $connection, identifier: $identifier) {\n      id\n      status\n      token(minValidity: $minValidity, scopes: $scopes, purpose: $purpose) {\n        __typename\n        ... on OAuthToken { accessToken tokenType scopes expiresAt apiBaseUrl headers { name value } queryParams { name value } }\n        ... on AuthorizationRequired { status reason }\n        ... on InsufficientScope { missingScopes grantedScopes }\n        ... on ConnectionUnavailable { connectionStatus: status reason }\n        ... on ProviderUnavailable { reason retryAfter }\n      }\n    }\n  }\n": typeof types.ReadTokenDocument,
    "\n  query ReadAccount($connection: ID!, $identifier: String!) {\n    connectedAccount(connection: $connection, identifier: $identifier) {\n      id identifier status statusReason requestedScopes grantedScopes missingScopes tokenExpiresAt reauthorizationDueAt lastTokenReadAt metadata\n      providerIdentity { subject email name }\n      lastRefresh { at succeeded providerError message }\n      authorizationLinks { id status url }\n      fields { key value isSet }\n      connection { name }\n    }\n  }\n": typeof types.ReadAccountDocument,
    "\n  mutation ImportTokens($input: CreateConnectedAccountInput!) {\n    createConnectedAccount(input: $input) { id status identifier tokenExpiresAt metadata }\n  }\n": typeof types.ImportTokensDocument,
    "\n  mutation CreateApiKey($input: CreateApiKeyInput!) {\n    createApiKey(input: $input) { secret apiKey { id name prefix permissions connections identifiers expiresAt revokedAt lastUsedAt } }\n  }\n": typeof types.CreateApiKeyDocument,
    "\n  query AuditEvents($filter: AuditEventFilter, $first: Int) {\n    auditEvents(filter: $filter, first: $first) { items { id at action outcome actor connection identifier purpose ipAddress details } endCursor hasNextPage }\n  }\n": typeof types.AuditEventsDocument,
    "\n  mutation CreateConnector($definition: JSONObject!) {\n    createConnector(definition: $definition) {\n      key origin iconUrl status endsOn source\n      authMethods { id type name refreshable verifiable status endsOn connectionFields { key kind required secret helpUrl } accountFields { key kind required secret } scopes { value required default description } }\n    }\n  }\n": typeof types.CreateConnectorDocument,
    "\n  query ReadAnyCredential($connection: ID!, $identifier: String!, $minValidity: Int) {\n    connectedAccount(connection: $connection, identifier: $identifier) {\n      id status statusReason grantedScopes missingScopes tokenExpiresAt reauthorizationDueAt\n      providerIdentity { subject name email }\n      token(minValidity: $minValidity) {\n        __typename\n        ... on Credential { headers { name value } queryParams { name value } bodyParams { name value } apiBaseUrl expiresAt }\n        ... on OAuthToken { accessToken tokenType scopes namedTokens { name accessToken } }\n        ... on ApiKeyCredential { apiKey }\n        ... on BasicCredential { username password }\n        ... on CustomCredential { values { key value } }\n        ... on KeyPairCredential { keyId privateKey }\n        ... on AwsCredential { accessKeyId secretAccessKey sessionToken region }\n        ... on AuthorizationRequired { status reason }\n        ... on ConnectionUnavailable { connectionStatus: status reason }\n        ... on ProviderUnavailable { reason retryAfter }\n      }\n    }\n  }\n": typeof types.ReadAnyCredentialDocument,
    "query ReadRedirect($connection: ID!) { connection(connection: $connection) { redirectUri } }": typeof types.ReadRedirectDocument,
    "mutation ChangeConnection($connection: ID!, $value: String!) { updateConnection(connection: $connection, input: { fields: [{ key: \"host\", value: $value }] }) { status } }": typeof types.ChangeConnectionDocument,
    "mutation Refresh($id: ID!) { refreshConnectedAccount(id: $id) { status statusReason lastRefresh { succeeded providerError message } } }": typeof types.RefreshDocument,
    "mutation Disconnect($id: ID!) { disconnectConnectedAccount(id: $id) { identifier revocation message } }": typeof types.DisconnectDocument,
    "mutation DeleteAccount($id: ID!) { deleteConnectedAccount(id: $id) { identifier revocation } }": typeof types.DeleteAccountDocument,
    "mutation Suspend($id: ID!) { suspendConnectedAccount(id: $id) { status statusReason } }": typeof types.SuspendDocument,
    "mutation Resume($id: ID!) { resumeConnectedAccount(id: $id) { status statusReason } }": typeof types.ResumeDocument,
    "query ReadConnection($connection: ID!) { connection(connection: $connection) { status problem } }": typeof types.ReadConnectionDocument,
    "mutation Repair($connection: ID!, $input: UpdateConnectionInput!) { updateConnection(connection: $connection, input: $input) { status problem } }": typeof types.RepairDocument,
    "mutation UpdateAccount($id: ID!, $input: UpdateConnectedAccountInput!) { updateConnectedAccount(id: $id, input: $input) { metadata status } }": typeof types.UpdateAccountDocument,
    "query Both($id: ID, $connection: ID, $identifier: String) { connectedAccount(id: $id, connection: $connection, identifier: $identifier) { identifier } }": typeof types.BothDocument,
    "\n  query UpgradeConnections($after: String) {\n    connections(first: 50, after: $after) {\n      items {\n        id name status problem scopes userVerification createdAt redirectUri\n        connector { key } authMethod { id type } fields { key value isSet secret }\n      }\n      endCursor hasNextPage\n    }\n  }\n": typeof types.UpgradeConnectionsDocument,
    "\n  query UpgradeAccounts($after: String) {\n    connectedAccounts(first: 30, after: $after) {\n      items {\n        id identifier status statusReason statusChangedAt requestedScopes grantedScopes metadata\n        tokenExpiresAt reauthorizationDueAt createdAt\n        providerIdentity { subject email name } lastRefresh { succeeded providerError message }\n        authorizationLinks { id status scopes expiresAt } connection { name } fields { key value isSet secret }\n      }\n      endCursor hasNextPage\n    }\n  }\n": typeof types.UpgradeAccountsDocument,
    "\n  query UpgradeFindAccount($connection: ID!, $identifier: String!) {\n    connectedAccount(connection: $connection, identifier: $identifier) { id status statusReason }\n  }\n": typeof types.UpgradeFindAccountDocument,
    "\n  query UpgradeCredential($id: ID!, $purpose: String, $minValidity: Int) {\n    connectedAccount(id: $id) {\n      status\n      token(purpose: $purpose, minValidity: $minValidity) {\n        __typename\n        ... on Credential { headers { name value } queryParams { name value } bodyParams { name value } apiBaseUrl expiresAt }\n        ... on OAuthToken { accessToken tokenType scopes namedTokens { name accessToken expiresAt } }\n        ... on ApiKeyCredential { apiKey }\n        ... on BasicCredential { username password }\n        ... on CustomCredential { values { key value } }\n        ... on KeyPairCredential { keyId privateKey }\n        ... on AwsCredential { accessKeyId secretAccessKey sessionToken region }\n        ... on AuthorizationRequired { status reason }\n        ... on ConnectionUnavailable { connectionStatus: status reason }\n        ... on ProviderUnavailable { reason retryAfter }\n      }\n    }\n  }\n": typeof types.UpgradeCredentialDocument,
    "\n  query UpgradeFindCredential($connection: ID!, $identifier: String!, $purpose: String) {\n    connectedAccount(connection: $connection, identifier: $identifier) {\n      id status\n      token(purpose: $purpose) {\n        __typename\n        ... on OAuthToken { accessToken }\n        ... on ApiKeyCredential { apiKey }\n      }\n    }\n  }\n": typeof types.UpgradeFindCredentialDocument,
    "\n  query UpgradeAudit($after: String, $filter: AuditEventFilter) {\n    auditEvents(first: 150, after: $after, filter: $filter) {\n      items { id at action outcome actor connection identifier purpose ipAddress details }\n      endCursor hasNextPage\n    }\n  }\n": typeof types.UpgradeAuditDocument,
    "query UpgradeViewer { viewer { name permissions connections identifiers } }": typeof types.UpgradeViewerDocument,
    "\n  query UpgradeApiKeys { apiKeys { id name prefix permissions connections identifiers createdAt expiresAt revokedAt } }\n": typeof types.UpgradeApiKeysDocument,
    "query UpgradeConnector($key: ID!) { connector(key: $key) { key origin source } }": typeof types.UpgradeConnectorDocument,
    "\n  query UpgradeRedirectUri($connection: ID!) { connection(connection: $connection) { redirectUri } }\n": typeof types.UpgradeRedirectUriDocument,
    "\n  mutation UpgradeCreateConnector($definition: JSONObject!) { createConnector(definition: $definition) { key } }\n": typeof types.UpgradeCreateConnectorDocument,
    "\n  mutation UpgradeUpdateConnector($key: ID!, $definition: JSONObject!) {\n    updateConnector(key: $key, definition: $definition) { key source }\n  }\n": typeof types.UpgradeUpdateConnectorDocument,
    "mutation UpgradeDeleteConnector($key: ID!) { deleteConnector(key: $key) }": typeof types.UpgradeDeleteConnectorDocument,
    "\n  mutation UpgradeCreateConnection($input: CreateConnectionInput!) {\n    createConnection(input: $input) { id name status problem redirectUri }\n  }\n": typeof types.UpgradeCreateConnectionDocument,
    "\n  mutation UpgradeUpdateConnection($connection: ID!, $input: UpdateConnectionInput!) {\n    updateConnection(connection: $connection, input: $input) { id name status }\n  }\n": typeof types.UpgradeUpdateConnectionDocument,
    "\n  mutation UpgradeEnableConnection($connection: ID!) { enableConnection(connection: $connection) { status } }\n": typeof types.UpgradeEnableConnectionDocument,
    "\n  mutation UpgradeDisableConnection($connection: ID!) { disableConnection(connection: $connection) { status } }\n": typeof types.UpgradeDisableConnectionDocument,
    "\n  mutation UpgradeDeleteConnection($connection: ID!) { deleteConnection(connection: $connection, disconnectAccounts: true) }\n": typeof types.UpgradeDeleteConnectionDocument,
    "\n  mutation UpgradeCreateAccount($input: CreateConnectedAccountInput!) {\n    createConnectedAccount(input: $input) { id status identifier }\n  }\n": typeof types.UpgradeCreateAccountDocument,
    "\n  mutation UpgradeUpdateAccount($id: ID!, $input: UpdateConnectedAccountInput!) {\n    updateConnectedAccount(id: $id, input: $input) { id status metadata }\n  }\n": typeof types.UpgradeUpdateAccountDocument,
    "\n  mutation UpgradeSuspend($id: ID!) { suspendConnectedAccount(id: $id) { status } }\n": typeof types.UpgradeSuspendDocument,
    "\n  mutation UpgradeResume($id: ID!) { resumeConnectedAccount(id: $id) { status } }\n": typeof types.UpgradeResumeDocument,
    "\n  mutation UpgradeRefresh($id: ID!) { refreshConnectedAccount(id: $id) { status statusReason } }\n": typeof types.UpgradeRefreshDocument,
    "\n  mutation UpgradeDisconnect($id: ID!) { disconnectConnectedAccount(id: $id) { revocation } }\n": typeof types.UpgradeDisconnectDocument,
    "\n  mutation UpgradeDelete($id: ID!) { deleteConnectedAccount(id: $id) { revocation } }\n": typeof types.UpgradeDeleteDocument,
    "\n  mutation UpgradeStartAuthorization($input: StartAuthorizationInput!) {\n    startAuthorization(input: $input) { id url status account { id status } }\n  }\n": typeof types.UpgradeStartAuthorizationDocument,
    "\n  mutation UpgradeRevokeLink($id: ID!) { revokeAuthorizationLink(id: $id) { status } }\n": typeof types.UpgradeRevokeLinkDocument,
    "\n  mutation UpgradeVerify($input: VerifyAuthorizationInput!) { verifyAuthorization(input: $input) { id status } }\n": typeof types.UpgradeVerifyDocument,
    "\n  mutation UpgradeCreateApiKey($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret apiKey { id } } }\n": typeof types.UpgradeCreateApiKeyDocument,
    "\n  mutation UpgradeRevokeApiKey($id: ID!) { revokeApiKey(id: $id) { revokedAt } }\n": typeof types.UpgradeRevokeApiKeyDocument,
    "\n  subscription UpgradeWatch($connection: ID!, $identifier: String!) {\n    connectedAccountChanged(connection: $connection, identifier: $identifier) { status }\n  }\n": typeof types.UpgradeWatchDocument,
};
const documents: Documents = {
    "mutation RevokeLink($id: ID!) { revokeAuthorizationLink(id: $id) { id status url } }": types.RevokeLinkDocument,
    "mutation Touch($connection: ID!) { updateConnection(connection: $connection, input: { scopes: [\"openid\", \"email\"] }) { id } }": types.TouchDocument,
    "query Uri($connection: ID!, $identifier: String!) { connectedAccount(connection: $connection, identifier: $identifier) { connection { redirectUri } } }": types.UriDocument,
    "query StatusOfConnection($connection: ID!) { connection(connection: $connection) { status redirectUri } }": types.StatusOfConnectionDocument,
    "mutation VerifyInBrowser($input: VerifyAuthorizationInput!) { verifyAuthorization(input: $input) { status } }": types.VerifyInBrowserDocument,
    "mutation RevokeInBrowser($id: ID!) { revokeAuthorizationLink(id: $id) { status } }": types.RevokeInBrowserDocument,
    "mutation RevokeKey($id: ID!) { revokeApiKey(id: $id) { id revokedAt } }": types.RevokeKeyDocument,
    "query ListKeys { apiKeys { id name prefix lastUsedAt permissions } }": types.ListKeysDocument,
    "query ListConnections { connections { totalCount items { name accountCount } } }": types.ListConnectionsDocument,
    "query ListAccounts { connectedAccounts { totalCount items { identifier } } }": types.ListAccountsDocument,
    "mutation SuspendForeign($id: ID!) { suspendConnectedAccount(id: $id) { id } }": types.SuspendForeignDocument,
    "mutation Rename { updateConnection(connection: \"old-name\", input: { name: \"new-name\" }) { id } }": types.RenameDocument,
    "\n  mutation UpdateConnection($connection: ID!, $input: UpdateConnectionInput!) {\n    updateConnection(connection: $connection, input: $input) { id name status problem scopes userVerification fields { key value isSet secret } }\n  }\n": types.UpdateConnectionDocument,
    "mutation Enable($connection: ID!) { enableConnection(connection: $connection) { status problem } }": types.EnableDocument,
    "mutation Disable($connection: ID!) { disableConnection(connection: $connection) { status problem } }": types.DisableDocument,
    "mutation Remove($connection: ID!, $disconnectAccounts: Boolean) { deleteConnection(connection: $connection, disconnectAccounts: $disconnectAccounts) }": types.RemoveDocument,
    "\n  query List($filter: ConnectionFilter, $first: Int, $after: String) {\n    connections(filter: $filter, first: $first, after: $after) { items { id name status accountCount } totalCount endCursor hasNextPage }\n  }\n": types.ListDocument,
    "query One($connection: ID!) { connection(connection: $connection) { id name accountsNeedingConsent { totalCount items { identifier missingScopes } } accounts(first: 1) { totalCount items { identifier } } } }": types.OneDocument,
    "mutation UpdateConnector($key: ID!, $definition: JSONObject!) { updateConnector(key: $key, definition: $definition) { key name source } }": types.UpdateConnectorDocument,
    "mutation DeleteConnector($key: ID!) { deleteConnector(key: $key) }": types.DeleteConnectorDocument,
    "mutation DeleteMade($connection: ID!) { deleteConnection(connection: $connection, disconnectAccounts: true) }": types.DeleteMadeDocument,
    "query ReadConnector($key: ID!) { connector(key: $key) { key name origin iconUrl source authMethods { id type } } }": types.ReadConnectorDocument,
    "query ListConnectors($filter: ConnectorFilter) { connectors(filter: $filter, first: 200) { totalCount items { key } } }": types.ListConnectorsDocument,
    "query ReadViewer { viewer { name permissions connections identifiers } }": types.ReadViewerDocument,
    "mutation RevokeKeyOfSession($id: ID!) { revokeApiKey(id: $id) { id } }": types.RevokeKeyOfSessionDocument,
    "query StatusOf($connection: ID!, $identifier: String!) { connectedAccount(connection: $connection, identifier: $identifier) { status statusReason lastRefresh { succeeded providerError } } }": types.StatusOfDocument,
    "query OracleConnector($key: ID!) { connector(key: $key) { key } }": types.OracleConnectorDocument,
    "mutation DisconnectModel($id: ID!) { disconnectConnectedAccount(id: $id) { revocation } }": types.DisconnectModelDocument,
    "mutation Verify($input: VerifyAuthorizationInput!) { verifyAuthorization(input: $input) { id status identifier } }": types.VerifyDocument,
    "mutation SetVerification($connection: ID!, $mode: UserVerification!) { updateConnection(connection: $connection, input: { userVerification: $mode }) { userVerification } }": types.SetVerificationDocument,
    "mutation DisconnectHosted($id: ID!) { disconnectConnectedAccount(id: $id) { revocation } }": types.DisconnectHostedDocument,
    "mutation SuspendHosted($id: ID!) { suspendConnectedAccount(id: $id) { status } }": types.SuspendHostedDocument,
    "mutation ResumeHosted($id: ID!) { resumeConnectedAccount(id: $id) { status } }": types.ResumeHostedDocument,
    "\n  mutation RemoveWithAccounts($connection: ID!) { deleteConnection(connection: $connection, disconnectAccounts: true) }\n": types.RemoveWithAccountsDocument,
    "\n  query DeletionState($connection: ID!) {\n    connection(connection: $connection) { status problem accountCount deletion { startedAt accounts accountsLeft } }\n  }\n": types.DeletionStateDocument,
    "mutation EnableDeleted($connection: ID!) { enableConnection(connection: $connection) { status } }": types.EnableDeletedDocument,
    "mutation DisconnectForJobs($id: ID!) { disconnectConnectedAccount(id: $id) { revocation } }": types.DisconnectForJobsDocument,
    "mutation UpdateKeys($id: ID!, $input: UpdateConnectedAccountInput!) { updateConnectedAccount(id: $id, input: $input) { status } }": types.UpdateKeysDocument,
    "mutation DisconnectKeys($id: ID!) { disconnectConnectedAccount(id: $id) { revocation } }": types.DisconnectKeysDocument,
    "mutation RefreshKeys($id: ID!) { refreshConnectedAccount(id: $id) { status } }": types.RefreshKeysDocument,
    "\n  query ReadCredential($connection: ID!, $identifier: String!) {\n    connectedAccount(connection: $connection, identifier: $identifier) {\n      id\n      token(minValidity: 3600) {\n        __typename\n        ... on Credential { headers { name value } queryParams { name value } apiBaseUrl expiresAt }\n        ... on OAuthToken { accessToken tokenType scopes }\n        ... on ApiKeyCredential { apiKey }\n        ... on BasicCredential { username password }\n        ... on CustomCredential { values { key value } }\n        ... on AuthorizationRequired { status }\n      }\n    }\n  }\n": types.ReadCredentialDocument,
    "mutation DisconnectOidc($id: ID!) { disconnectConnectedAccount(id: $id) { revocation message } }": types.DisconnectOidcDocument,
    "\n  query ReadRejected($connection: ID!, $identifier: String!, $rejected: String) {\n    connectedAccount(connection: $connection, identifier: $identifier) { token(rejected: $rejected) { __typename ... on OAuthToken { accessToken } ... on ProviderUnavailable { reason retryAfter } } }\n  }\n": types.ReadRejectedDocument,
    "\n  mutation CreateConnection($input: CreateConnectionInput!) {\n    createConnection(input: $input) { id name status problem redirectUri scopes userVerification connector { key } authMethod { id type } fields { key value isSet secret } }\n  }\n": types.CreateConnectionDocument,
    "\n  mutation StartAuthorization($input: StartAuthorizationInput!) {\n    startAuthorization(input: $input) { id url status scopes expiresAt account { id status identifier } }\n  }\n": types.StartAuthorizationDocument,
    "\n  query ReadToken($connection: ID!, $identifier: String!, $minValidity: Int, $scopes: [String!], $purpose: String) {\n    connectedAccount(connection: $connection, identifier: $identifier) {\n      id\n      status\n      token(minValidity: $minValidity, scopes: $scopes, purpose: $purpose) {\n        __typename\n        ... on OAuthToken { accessToken tokenType scopes expiresAt apiBaseUrl headers { name value } queryParams { name value } }\n        ... on AuthorizationRequired { status reason }\n        ... on InsufficientScope { missingScopes grantedScopes }\n        ... on ConnectionUnavailable { connectionStatus: status reason }\n        ... on ProviderUnavailable { reason retryAfter }\n      }\n    }\n  }\n": types.ReadTokenDocument,
    "\n  query ReadAccount($connection: ID!, $identifier: String!) {\n    connectedAccount(connection: $connection, identifier: $identifier) {\n      id identifier status statusReason requestedScopes grantedScopes missingScopes tokenExpiresAt reauthorizationDueAt lastTokenReadAt metadata\n      providerIdentity { subject email name }\n      lastRefresh { at succeeded providerError message }\n      authorizationLinks { id status url }\n      fields { key value isSet }\n      connection { name }\n    }\n  }\n": types.ReadAccountDocument,
    "\n  mutation ImportTokens($input: CreateConnectedAccountInput!) {\n    createConnectedAccount(input: $input) { id status identifier tokenExpiresAt metadata }\n  }\n": types.ImportTokensDocument,
    "\n  mutation CreateApiKey($input: CreateApiKeyInput!) {\n    createApiKey(input: $input) { secret apiKey { id name prefix permissions connections identifiers expiresAt revokedAt lastUsedAt } }\n  }\n": types.CreateApiKeyDocument,
    "\n  query AuditEvents($filter: AuditEventFilter, $first: Int) {\n    auditEvents(filter: $filter, first: $first) { items { id at action outcome actor connection identifier purpose ipAddress details } endCursor hasNextPage }\n  }\n": types.AuditEventsDocument,
    "\n  mutation CreateConnector($definition: JSONObject!) {\n    createConnector(definition: $definition) {\n      key origin iconUrl status endsOn source\n      authMethods { id type name refreshable verifiable status endsOn connectionFields { key kind required secret helpUrl } accountFields { key kind required secret } scopes { value required default description } }\n    }\n  }\n": types.CreateConnectorDocument,
    "\n  query ReadAnyCredential($connection: ID!, $identifier: String!, $minValidity: Int) {\n    connectedAccount(connection: $connection, identifier: $identifier) {\n      id status statusReason grantedScopes missingScopes tokenExpiresAt reauthorizationDueAt\n      providerIdentity { subject name email }\n      token(minValidity: $minValidity) {\n        __typename\n        ... on Credential { headers { name value } queryParams { name value } bodyParams { name value } apiBaseUrl expiresAt }\n        ... on OAuthToken { accessToken tokenType scopes namedTokens { name accessToken } }\n        ... on ApiKeyCredential { apiKey }\n        ... on BasicCredential { username password }\n        ... on CustomCredential { values { key value } }\n        ... on KeyPairCredential { keyId privateKey }\n        ... on AwsCredential { accessKeyId secretAccessKey sessionToken region }\n        ... on AuthorizationRequired { status reason }\n        ... on ConnectionUnavailable { connectionStatus: status reason }\n        ... on ProviderUnavailable { reason retryAfter }\n      }\n    }\n  }\n": types.ReadAnyCredentialDocument,
    "query ReadRedirect($connection: ID!) { connection(connection: $connection) { redirectUri } }": types.ReadRedirectDocument,
    "mutation ChangeConnection($connection: ID!, $value: String!) { updateConnection(connection: $connection, input: { fields: [{ key: \"host\", value: $value }] }) { status } }": types.ChangeConnectionDocument,
    "mutation Refresh($id: ID!) { refreshConnectedAccount(id: $id) { status statusReason lastRefresh { succeeded providerError message } } }": types.RefreshDocument,
    "mutation Disconnect($id: ID!) { disconnectConnectedAccount(id: $id) { identifier revocation message } }": types.DisconnectDocument,
    "mutation DeleteAccount($id: ID!) { deleteConnectedAccount(id: $id) { identifier revocation } }": types.DeleteAccountDocument,
    "mutation Suspend($id: ID!) { suspendConnectedAccount(id: $id) { status statusReason } }": types.SuspendDocument,
    "mutation Resume($id: ID!) { resumeConnectedAccount(id: $id) { status statusReason } }": types.ResumeDocument,
    "query ReadConnection($connection: ID!) { connection(connection: $connection) { status problem } }": types.ReadConnectionDocument,
    "mutation Repair($connection: ID!, $input: UpdateConnectionInput!) { updateConnection(connection: $connection, input: $input) { status problem } }": types.RepairDocument,
    "mutation UpdateAccount($id: ID!, $input: UpdateConnectedAccountInput!) { updateConnectedAccount(id: $id, input: $input) { metadata status } }": types.UpdateAccountDocument,
    "query Both($id: ID, $connection: ID, $identifier: String) { connectedAccount(id: $id, connection: $connection, identifier: $identifier) { identifier } }": types.BothDocument,
    "\n  query UpgradeConnections($after: String) {\n    connections(first: 50, after: $after) {\n      items {\n        id name status problem scopes userVerification createdAt redirectUri\n        connector { key } authMethod { id type } fields { key value isSet secret }\n      }\n      endCursor hasNextPage\n    }\n  }\n": types.UpgradeConnectionsDocument,
    "\n  query UpgradeAccounts($after: String) {\n    connectedAccounts(first: 30, after: $after) {\n      items {\n        id identifier status statusReason statusChangedAt requestedScopes grantedScopes metadata\n        tokenExpiresAt reauthorizationDueAt createdAt\n        providerIdentity { subject email name } lastRefresh { succeeded providerError message }\n        authorizationLinks { id status scopes expiresAt } connection { name } fields { key value isSet secret }\n      }\n      endCursor hasNextPage\n    }\n  }\n": types.UpgradeAccountsDocument,
    "\n  query UpgradeFindAccount($connection: ID!, $identifier: String!) {\n    connectedAccount(connection: $connection, identifier: $identifier) { id status statusReason }\n  }\n": types.UpgradeFindAccountDocument,
    "\n  query UpgradeCredential($id: ID!, $purpose: String, $minValidity: Int) {\n    connectedAccount(id: $id) {\n      status\n      token(purpose: $purpose, minValidity: $minValidity) {\n        __typename\n        ... on Credential { headers { name value } queryParams { name value } bodyParams { name value } apiBaseUrl expiresAt }\n        ... on OAuthToken { accessToken tokenType scopes namedTokens { name accessToken expiresAt } }\n        ... on ApiKeyCredential { apiKey }\n        ... on BasicCredential { username password }\n        ... on CustomCredential { values { key value } }\n        ... on KeyPairCredential { keyId privateKey }\n        ... on AwsCredential { accessKeyId secretAccessKey sessionToken region }\n        ... on AuthorizationRequired { status reason }\n        ... on ConnectionUnavailable { connectionStatus: status reason }\n        ... on ProviderUnavailable { reason retryAfter }\n      }\n    }\n  }\n": types.UpgradeCredentialDocument,
    "\n  query UpgradeFindCredential($connection: ID!, $identifier: String!, $purpose: String) {\n    connectedAccount(connection: $connection, identifier: $identifier) {\n      id status\n      token(purpose: $purpose) {\n        __typename\n        ... on OAuthToken { accessToken }\n        ... on ApiKeyCredential { apiKey }\n      }\n    }\n  }\n": types.UpgradeFindCredentialDocument,
    "\n  query UpgradeAudit($after: String, $filter: AuditEventFilter) {\n    auditEvents(first: 150, after: $after, filter: $filter) {\n      items { id at action outcome actor connection identifier purpose ipAddress details }\n      endCursor hasNextPage\n    }\n  }\n": types.UpgradeAuditDocument,
    "query UpgradeViewer { viewer { name permissions connections identifiers } }": types.UpgradeViewerDocument,
    "\n  query UpgradeApiKeys { apiKeys { id name prefix permissions connections identifiers createdAt expiresAt revokedAt } }\n": types.UpgradeApiKeysDocument,
    "query UpgradeConnector($key: ID!) { connector(key: $key) { key origin source } }": types.UpgradeConnectorDocument,
    "\n  query UpgradeRedirectUri($connection: ID!) { connection(connection: $connection) { redirectUri } }\n": types.UpgradeRedirectUriDocument,
    "\n  mutation UpgradeCreateConnector($definition: JSONObject!) { createConnector(definition: $definition) { key } }\n": types.UpgradeCreateConnectorDocument,
    "\n  mutation UpgradeUpdateConnector($key: ID!, $definition: JSONObject!) {\n    updateConnector(key: $key, definition: $definition) { key source }\n  }\n": types.UpgradeUpdateConnectorDocument,
    "mutation UpgradeDeleteConnector($key: ID!) { deleteConnector(key: $key) }": types.UpgradeDeleteConnectorDocument,
    "\n  mutation UpgradeCreateConnection($input: CreateConnectionInput!) {\n    createConnection(input: $input) { id name status problem redirectUri }\n  }\n": types.UpgradeCreateConnectionDocument,
    "\n  mutation UpgradeUpdateConnection($connection: ID!, $input: UpdateConnectionInput!) {\n    updateConnection(connection: $connection, input: $input) { id name status }\n  }\n": types.UpgradeUpdateConnectionDocument,
    "\n  mutation UpgradeEnableConnection($connection: ID!) { enableConnection(connection: $connection) { status } }\n": types.UpgradeEnableConnectionDocument,
    "\n  mutation UpgradeDisableConnection($connection: ID!) { disableConnection(connection: $connection) { status } }\n": types.UpgradeDisableConnectionDocument,
    "\n  mutation UpgradeDeleteConnection($connection: ID!) { deleteConnection(connection: $connection, disconnectAccounts: true) }\n": types.UpgradeDeleteConnectionDocument,
    "\n  mutation UpgradeCreateAccount($input: CreateConnectedAccountInput!) {\n    createConnectedAccount(input: $input) { id status identifier }\n  }\n": types.UpgradeCreateAccountDocument,
    "\n  mutation UpgradeUpdateAccount($id: ID!, $input: UpdateConnectedAccountInput!) {\n    updateConnectedAccount(id: $id, input: $input) { id status metadata }\n  }\n": types.UpgradeUpdateAccountDocument,
    "\n  mutation UpgradeSuspend($id: ID!) { suspendConnectedAccount(id: $id) { status } }\n": types.UpgradeSuspendDocument,
    "\n  mutation UpgradeResume($id: ID!) { resumeConnectedAccount(id: $id) { status } }\n": types.UpgradeResumeDocument,
    "\n  mutation UpgradeRefresh($id: ID!) { refreshConnectedAccount(id: $id) { status statusReason } }\n": types.UpgradeRefreshDocument,
    "\n  mutation UpgradeDisconnect($id: ID!) { disconnectConnectedAccount(id: $id) { revocation } }\n": types.UpgradeDisconnectDocument,
    "\n  mutation UpgradeDelete($id: ID!) { deleteConnectedAccount(id: $id) { revocation } }\n": types.UpgradeDeleteDocument,
    "\n  mutation UpgradeStartAuthorization($input: StartAuthorizationInput!) {\n    startAuthorization(input: $input) { id url status account { id status } }\n  }\n": types.UpgradeStartAuthorizationDocument,
    "\n  mutation UpgradeRevokeLink($id: ID!) { revokeAuthorizationLink(id: $id) { status } }\n": types.UpgradeRevokeLinkDocument,
    "\n  mutation UpgradeVerify($input: VerifyAuthorizationInput!) { verifyAuthorization(input: $input) { id status } }\n": types.UpgradeVerifyDocument,
    "\n  mutation UpgradeCreateApiKey($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret apiKey { id } } }\n": types.UpgradeCreateApiKeyDocument,
    "\n  mutation UpgradeRevokeApiKey($id: ID!) { revokeApiKey(id: $id) { revokedAt } }\n": types.UpgradeRevokeApiKeyDocument,
    "\n  subscription UpgradeWatch($connection: ID!, $identifier: String!) {\n    connectedAccountChanged(connection: $connection, identifier: $identifier) { status }\n  }\n": types.UpgradeWatchDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation RevokeLink($id: ID!) { revokeAuthorizationLink(id: $id) { id status url } }"): typeof import('./graphql.js').RevokeLinkDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation Touch($connection: ID!) { updateConnection(connection: $connection, input: { scopes: [\"openid\", \"email\"] }) { id } }"): typeof import('./graphql.js').TouchDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query Uri($connection: ID!, $identifier: String!) { connectedAccount(connection: $connection, identifier: $identifier) { connection { redirectUri } } }"): typeof import('./graphql.js').UriDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query StatusOfConnection($connection: ID!) { connection(connection: $connection) { status redirectUri } }"): typeof import('./graphql.js').StatusOfConnectionDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation VerifyInBrowser($input: VerifyAuthorizationInput!) { verifyAuthorization(input: $input) { status } }"): typeof import('./graphql.js').VerifyInBrowserDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation RevokeInBrowser($id: ID!) { revokeAuthorizationLink(id: $id) { status } }"): typeof import('./graphql.js').RevokeInBrowserDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation RevokeKey($id: ID!) { revokeApiKey(id: $id) { id revokedAt } }"): typeof import('./graphql.js').RevokeKeyDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query ListKeys { apiKeys { id name prefix lastUsedAt permissions } }"): typeof import('./graphql.js').ListKeysDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query ListConnections { connections { totalCount items { name accountCount } } }"): typeof import('./graphql.js').ListConnectionsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query ListAccounts { connectedAccounts { totalCount items { identifier } } }"): typeof import('./graphql.js').ListAccountsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation SuspendForeign($id: ID!) { suspendConnectedAccount(id: $id) { id } }"): typeof import('./graphql.js').SuspendForeignDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation Rename { updateConnection(connection: \"old-name\", input: { name: \"new-name\" }) { id } }"): typeof import('./graphql.js').RenameDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpdateConnection($connection: ID!, $input: UpdateConnectionInput!) {\n    updateConnection(connection: $connection, input: $input) { id name status problem scopes userVerification fields { key value isSet secret } }\n  }\n"): typeof import('./graphql.js').UpdateConnectionDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation Enable($connection: ID!) { enableConnection(connection: $connection) { status problem } }"): typeof import('./graphql.js').EnableDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation Disable($connection: ID!) { disableConnection(connection: $connection) { status problem } }"): typeof import('./graphql.js').DisableDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation Remove($connection: ID!, $disconnectAccounts: Boolean) { deleteConnection(connection: $connection, disconnectAccounts: $disconnectAccounts) }"): typeof import('./graphql.js').RemoveDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query List($filter: ConnectionFilter, $first: Int, $after: String) {\n    connections(filter: $filter, first: $first, after: $after) { items { id name status accountCount } totalCount endCursor hasNextPage }\n  }\n"): typeof import('./graphql.js').ListDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query One($connection: ID!) { connection(connection: $connection) { id name accountsNeedingConsent { totalCount items { identifier missingScopes } } accounts(first: 1) { totalCount items { identifier } } } }"): typeof import('./graphql.js').OneDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation UpdateConnector($key: ID!, $definition: JSONObject!) { updateConnector(key: $key, definition: $definition) { key name source } }"): typeof import('./graphql.js').UpdateConnectorDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation DeleteConnector($key: ID!) { deleteConnector(key: $key) }"): typeof import('./graphql.js').DeleteConnectorDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation DeleteMade($connection: ID!) { deleteConnection(connection: $connection, disconnectAccounts: true) }"): typeof import('./graphql.js').DeleteMadeDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query ReadConnector($key: ID!) { connector(key: $key) { key name origin iconUrl source authMethods { id type } } }"): typeof import('./graphql.js').ReadConnectorDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query ListConnectors($filter: ConnectorFilter) { connectors(filter: $filter, first: 200) { totalCount items { key } } }"): typeof import('./graphql.js').ListConnectorsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query ReadViewer { viewer { name permissions connections identifiers } }"): typeof import('./graphql.js').ReadViewerDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation RevokeKeyOfSession($id: ID!) { revokeApiKey(id: $id) { id } }"): typeof import('./graphql.js').RevokeKeyOfSessionDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query StatusOf($connection: ID!, $identifier: String!) { connectedAccount(connection: $connection, identifier: $identifier) { status statusReason lastRefresh { succeeded providerError } } }"): typeof import('./graphql.js').StatusOfDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query OracleConnector($key: ID!) { connector(key: $key) { key } }"): typeof import('./graphql.js').OracleConnectorDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation DisconnectModel($id: ID!) { disconnectConnectedAccount(id: $id) { revocation } }"): typeof import('./graphql.js').DisconnectModelDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation Verify($input: VerifyAuthorizationInput!) { verifyAuthorization(input: $input) { id status identifier } }"): typeof import('./graphql.js').VerifyDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation SetVerification($connection: ID!, $mode: UserVerification!) { updateConnection(connection: $connection, input: { userVerification: $mode }) { userVerification } }"): typeof import('./graphql.js').SetVerificationDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation DisconnectHosted($id: ID!) { disconnectConnectedAccount(id: $id) { revocation } }"): typeof import('./graphql.js').DisconnectHostedDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation SuspendHosted($id: ID!) { suspendConnectedAccount(id: $id) { status } }"): typeof import('./graphql.js').SuspendHostedDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation ResumeHosted($id: ID!) { resumeConnectedAccount(id: $id) { status } }"): typeof import('./graphql.js').ResumeHostedDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RemoveWithAccounts($connection: ID!) { deleteConnection(connection: $connection, disconnectAccounts: true) }\n"): typeof import('./graphql.js').RemoveWithAccountsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query DeletionState($connection: ID!) {\n    connection(connection: $connection) { status problem accountCount deletion { startedAt accounts accountsLeft } }\n  }\n"): typeof import('./graphql.js').DeletionStateDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation EnableDeleted($connection: ID!) { enableConnection(connection: $connection) { status } }"): typeof import('./graphql.js').EnableDeletedDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation DisconnectForJobs($id: ID!) { disconnectConnectedAccount(id: $id) { revocation } }"): typeof import('./graphql.js').DisconnectForJobsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation UpdateKeys($id: ID!, $input: UpdateConnectedAccountInput!) { updateConnectedAccount(id: $id, input: $input) { status } }"): typeof import('./graphql.js').UpdateKeysDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation DisconnectKeys($id: ID!) { disconnectConnectedAccount(id: $id) { revocation } }"): typeof import('./graphql.js').DisconnectKeysDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation RefreshKeys($id: ID!) { refreshConnectedAccount(id: $id) { status } }"): typeof import('./graphql.js').RefreshKeysDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ReadCredential($connection: ID!, $identifier: String!) {\n    connectedAccount(connection: $connection, identifier: $identifier) {\n      id\n      token(minValidity: 3600) {\n        __typename\n        ... on Credential { headers { name value } queryParams { name value } apiBaseUrl expiresAt }\n        ... on OAuthToken { accessToken tokenType scopes }\n        ... on ApiKeyCredential { apiKey }\n        ... on BasicCredential { username password }\n        ... on CustomCredential { values { key value } }\n        ... on AuthorizationRequired { status }\n      }\n    }\n  }\n"): typeof import('./graphql.js').ReadCredentialDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation DisconnectOidc($id: ID!) { disconnectConnectedAccount(id: $id) { revocation message } }"): typeof import('./graphql.js').DisconnectOidcDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ReadRejected($connection: ID!, $identifier: String!, $rejected: String) {\n    connectedAccount(connection: $connection, identifier: $identifier) { token(rejected: $rejected) { __typename ... on OAuthToken { accessToken } ... on ProviderUnavailable { reason retryAfter } } }\n  }\n"): typeof import('./graphql.js').ReadRejectedDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateConnection($input: CreateConnectionInput!) {\n    createConnection(input: $input) { id name status problem redirectUri scopes userVerification connector { key } authMethod { id type } fields { key value isSet secret } }\n  }\n"): typeof import('./graphql.js').CreateConnectionDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation StartAuthorization($input: StartAuthorizationInput!) {\n    startAuthorization(input: $input) { id url status scopes expiresAt account { id status identifier } }\n  }\n"): typeof import('./graphql.js').StartAuthorizationDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ReadToken($connection: ID!, $identifier: String!, $minValidity: Int, $scopes: [String!], $purpose: String) {\n    connectedAccount(connection: $connection, identifier: $identifier) {\n      id\n      status\n      token(minValidity: $minValidity, scopes: $scopes, purpose: $purpose) {\n        __typename\n        ... on OAuthToken { accessToken tokenType scopes expiresAt apiBaseUrl headers { name value } queryParams { name value } }\n        ... on AuthorizationRequired { status reason }\n        ... on InsufficientScope { missingScopes grantedScopes }\n        ... on ConnectionUnavailable { connectionStatus: status reason }\n        ... on ProviderUnavailable { reason retryAfter }\n      }\n    }\n  }\n"): typeof import('./graphql.js').ReadTokenDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ReadAccount($connection: ID!, $identifier: String!) {\n    connectedAccount(connection: $connection, identifier: $identifier) {\n      id identifier status statusReason requestedScopes grantedScopes missingScopes tokenExpiresAt reauthorizationDueAt lastTokenReadAt metadata\n      providerIdentity { subject email name }\n      lastRefresh { at succeeded providerError message }\n      authorizationLinks { id status url }\n      fields { key value isSet }\n      connection { name }\n    }\n  }\n"): typeof import('./graphql.js').ReadAccountDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ImportTokens($input: CreateConnectedAccountInput!) {\n    createConnectedAccount(input: $input) { id status identifier tokenExpiresAt metadata }\n  }\n"): typeof import('./graphql.js').ImportTokensDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateApiKey($input: CreateApiKeyInput!) {\n    createApiKey(input: $input) { secret apiKey { id name prefix permissions connections identifiers expiresAt revokedAt lastUsedAt } }\n  }\n"): typeof import('./graphql.js').CreateApiKeyDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query AuditEvents($filter: AuditEventFilter, $first: Int) {\n    auditEvents(filter: $filter, first: $first) { items { id at action outcome actor connection identifier purpose ipAddress details } endCursor hasNextPage }\n  }\n"): typeof import('./graphql.js').AuditEventsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateConnector($definition: JSONObject!) {\n    createConnector(definition: $definition) {\n      key origin iconUrl status endsOn source\n      authMethods { id type name refreshable verifiable status endsOn connectionFields { key kind required secret helpUrl } accountFields { key kind required secret } scopes { value required default description } }\n    }\n  }\n"): typeof import('./graphql.js').CreateConnectorDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ReadAnyCredential($connection: ID!, $identifier: String!, $minValidity: Int) {\n    connectedAccount(connection: $connection, identifier: $identifier) {\n      id status statusReason grantedScopes missingScopes tokenExpiresAt reauthorizationDueAt\n      providerIdentity { subject name email }\n      token(minValidity: $minValidity) {\n        __typename\n        ... on Credential { headers { name value } queryParams { name value } bodyParams { name value } apiBaseUrl expiresAt }\n        ... on OAuthToken { accessToken tokenType scopes namedTokens { name accessToken } }\n        ... on ApiKeyCredential { apiKey }\n        ... on BasicCredential { username password }\n        ... on CustomCredential { values { key value } }\n        ... on KeyPairCredential { keyId privateKey }\n        ... on AwsCredential { accessKeyId secretAccessKey sessionToken region }\n        ... on AuthorizationRequired { status reason }\n        ... on ConnectionUnavailable { connectionStatus: status reason }\n        ... on ProviderUnavailable { reason retryAfter }\n      }\n    }\n  }\n"): typeof import('./graphql.js').ReadAnyCredentialDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query ReadRedirect($connection: ID!) { connection(connection: $connection) { redirectUri } }"): typeof import('./graphql.js').ReadRedirectDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation ChangeConnection($connection: ID!, $value: String!) { updateConnection(connection: $connection, input: { fields: [{ key: \"host\", value: $value }] }) { status } }"): typeof import('./graphql.js').ChangeConnectionDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation Refresh($id: ID!) { refreshConnectedAccount(id: $id) { status statusReason lastRefresh { succeeded providerError message } } }"): typeof import('./graphql.js').RefreshDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation Disconnect($id: ID!) { disconnectConnectedAccount(id: $id) { identifier revocation message } }"): typeof import('./graphql.js').DisconnectDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation DeleteAccount($id: ID!) { deleteConnectedAccount(id: $id) { identifier revocation } }"): typeof import('./graphql.js').DeleteAccountDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation Suspend($id: ID!) { suspendConnectedAccount(id: $id) { status statusReason } }"): typeof import('./graphql.js').SuspendDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation Resume($id: ID!) { resumeConnectedAccount(id: $id) { status statusReason } }"): typeof import('./graphql.js').ResumeDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query ReadConnection($connection: ID!) { connection(connection: $connection) { status problem } }"): typeof import('./graphql.js').ReadConnectionDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation Repair($connection: ID!, $input: UpdateConnectionInput!) { updateConnection(connection: $connection, input: $input) { status problem } }"): typeof import('./graphql.js').RepairDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation UpdateAccount($id: ID!, $input: UpdateConnectedAccountInput!) { updateConnectedAccount(id: $id, input: $input) { metadata status } }"): typeof import('./graphql.js').UpdateAccountDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query Both($id: ID, $connection: ID, $identifier: String) { connectedAccount(id: $id, connection: $connection, identifier: $identifier) { identifier } }"): typeof import('./graphql.js').BothDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query UpgradeConnections($after: String) {\n    connections(first: 50, after: $after) {\n      items {\n        id name status problem scopes userVerification createdAt redirectUri\n        connector { key } authMethod { id type } fields { key value isSet secret }\n      }\n      endCursor hasNextPage\n    }\n  }\n"): typeof import('./graphql.js').UpgradeConnectionsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query UpgradeAccounts($after: String) {\n    connectedAccounts(first: 30, after: $after) {\n      items {\n        id identifier status statusReason statusChangedAt requestedScopes grantedScopes metadata\n        tokenExpiresAt reauthorizationDueAt createdAt\n        providerIdentity { subject email name } lastRefresh { succeeded providerError message }\n        authorizationLinks { id status scopes expiresAt } connection { name } fields { key value isSet secret }\n      }\n      endCursor hasNextPage\n    }\n  }\n"): typeof import('./graphql.js').UpgradeAccountsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query UpgradeFindAccount($connection: ID!, $identifier: String!) {\n    connectedAccount(connection: $connection, identifier: $identifier) { id status statusReason }\n  }\n"): typeof import('./graphql.js').UpgradeFindAccountDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query UpgradeCredential($id: ID!, $purpose: String, $minValidity: Int) {\n    connectedAccount(id: $id) {\n      status\n      token(purpose: $purpose, minValidity: $minValidity) {\n        __typename\n        ... on Credential { headers { name value } queryParams { name value } bodyParams { name value } apiBaseUrl expiresAt }\n        ... on OAuthToken { accessToken tokenType scopes namedTokens { name accessToken expiresAt } }\n        ... on ApiKeyCredential { apiKey }\n        ... on BasicCredential { username password }\n        ... on CustomCredential { values { key value } }\n        ... on KeyPairCredential { keyId privateKey }\n        ... on AwsCredential { accessKeyId secretAccessKey sessionToken region }\n        ... on AuthorizationRequired { status reason }\n        ... on ConnectionUnavailable { connectionStatus: status reason }\n        ... on ProviderUnavailable { reason retryAfter }\n      }\n    }\n  }\n"): typeof import('./graphql.js').UpgradeCredentialDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query UpgradeFindCredential($connection: ID!, $identifier: String!, $purpose: String) {\n    connectedAccount(connection: $connection, identifier: $identifier) {\n      id status\n      token(purpose: $purpose) {\n        __typename\n        ... on OAuthToken { accessToken }\n        ... on ApiKeyCredential { apiKey }\n      }\n    }\n  }\n"): typeof import('./graphql.js').UpgradeFindCredentialDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query UpgradeAudit($after: String, $filter: AuditEventFilter) {\n    auditEvents(first: 150, after: $after, filter: $filter) {\n      items { id at action outcome actor connection identifier purpose ipAddress details }\n      endCursor hasNextPage\n    }\n  }\n"): typeof import('./graphql.js').UpgradeAuditDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query UpgradeViewer { viewer { name permissions connections identifiers } }"): typeof import('./graphql.js').UpgradeViewerDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query UpgradeApiKeys { apiKeys { id name prefix permissions connections identifiers createdAt expiresAt revokedAt } }\n"): typeof import('./graphql.js').UpgradeApiKeysDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query UpgradeConnector($key: ID!) { connector(key: $key) { key origin source } }"): typeof import('./graphql.js').UpgradeConnectorDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query UpgradeRedirectUri($connection: ID!) { connection(connection: $connection) { redirectUri } }\n"): typeof import('./graphql.js').UpgradeRedirectUriDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpgradeCreateConnector($definition: JSONObject!) { createConnector(definition: $definition) { key } }\n"): typeof import('./graphql.js').UpgradeCreateConnectorDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpgradeUpdateConnector($key: ID!, $definition: JSONObject!) {\n    updateConnector(key: $key, definition: $definition) { key source }\n  }\n"): typeof import('./graphql.js').UpgradeUpdateConnectorDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation UpgradeDeleteConnector($key: ID!) { deleteConnector(key: $key) }"): typeof import('./graphql.js').UpgradeDeleteConnectorDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpgradeCreateConnection($input: CreateConnectionInput!) {\n    createConnection(input: $input) { id name status problem redirectUri }\n  }\n"): typeof import('./graphql.js').UpgradeCreateConnectionDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpgradeUpdateConnection($connection: ID!, $input: UpdateConnectionInput!) {\n    updateConnection(connection: $connection, input: $input) { id name status }\n  }\n"): typeof import('./graphql.js').UpgradeUpdateConnectionDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpgradeEnableConnection($connection: ID!) { enableConnection(connection: $connection) { status } }\n"): typeof import('./graphql.js').UpgradeEnableConnectionDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpgradeDisableConnection($connection: ID!) { disableConnection(connection: $connection) { status } }\n"): typeof import('./graphql.js').UpgradeDisableConnectionDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpgradeDeleteConnection($connection: ID!) { deleteConnection(connection: $connection, disconnectAccounts: true) }\n"): typeof import('./graphql.js').UpgradeDeleteConnectionDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpgradeCreateAccount($input: CreateConnectedAccountInput!) {\n    createConnectedAccount(input: $input) { id status identifier }\n  }\n"): typeof import('./graphql.js').UpgradeCreateAccountDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpgradeUpdateAccount($id: ID!, $input: UpdateConnectedAccountInput!) {\n    updateConnectedAccount(id: $id, input: $input) { id status metadata }\n  }\n"): typeof import('./graphql.js').UpgradeUpdateAccountDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpgradeSuspend($id: ID!) { suspendConnectedAccount(id: $id) { status } }\n"): typeof import('./graphql.js').UpgradeSuspendDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpgradeResume($id: ID!) { resumeConnectedAccount(id: $id) { status } }\n"): typeof import('./graphql.js').UpgradeResumeDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpgradeRefresh($id: ID!) { refreshConnectedAccount(id: $id) { status statusReason } }\n"): typeof import('./graphql.js').UpgradeRefreshDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpgradeDisconnect($id: ID!) { disconnectConnectedAccount(id: $id) { revocation } }\n"): typeof import('./graphql.js').UpgradeDisconnectDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpgradeDelete($id: ID!) { deleteConnectedAccount(id: $id) { revocation } }\n"): typeof import('./graphql.js').UpgradeDeleteDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpgradeStartAuthorization($input: StartAuthorizationInput!) {\n    startAuthorization(input: $input) { id url status account { id status } }\n  }\n"): typeof import('./graphql.js').UpgradeStartAuthorizationDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpgradeRevokeLink($id: ID!) { revokeAuthorizationLink(id: $id) { status } }\n"): typeof import('./graphql.js').UpgradeRevokeLinkDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpgradeVerify($input: VerifyAuthorizationInput!) { verifyAuthorization(input: $input) { id status } }\n"): typeof import('./graphql.js').UpgradeVerifyDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpgradeCreateApiKey($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret apiKey { id } } }\n"): typeof import('./graphql.js').UpgradeCreateApiKeyDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpgradeRevokeApiKey($id: ID!) { revokeApiKey(id: $id) { revokedAt } }\n"): typeof import('./graphql.js').UpgradeRevokeApiKeyDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription UpgradeWatch($connection: ID!, $identifier: String!) {\n    connectedAccountChanged(connection: $connection, identifier: $identifier) { status }\n  }\n"): typeof import('./graphql.js').UpgradeWatchDocument;


export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}
