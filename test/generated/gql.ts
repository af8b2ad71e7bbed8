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
    "\n  mutation RevokeLink($id: ID!) {\n    revokeAuthorizationLink(id: $id) { id status url }\n  }\n": typeof types.RevokeLinkDocument,
    "\n  mutation Touch($connection: ID!) {\n    updateConnection(connection: $connection, input: { scopes: [\"openid\", \"email\"] }) { id }\n  }\n": typeof types.TouchDocument,
    "\n          query Uri($connection: ID!, $identifier: String!) {\n            connectedAccount(connection: $connection, identifier: $identifier) {\n              connection { redirectUri }\n            }\n          }\n        ": typeof types.UriDocument,
    "\n  query BlastConnection($connection: ID!) { connection(connection: $connection) { status problem } }\n": typeof types.BlastConnectionDocument,
    "\n  mutation BlastChangeClient($connection: ID!, $input: UpdateConnectionInput!) {\n    updateConnection(connection: $connection, input: $input) { status }\n  }\n": typeof types.BlastChangeClientDocument,
    "\n  mutation BlastStart($input: StartAuthorizationInput!) { startAuthorization(input: $input) { url } }\n": typeof types.BlastStartDocument,
    "\n  query BlastRejected($connection: ID!, $identifier: String!, $rejected: String) {\n    connectedAccount(connection: $connection, identifier: $identifier) {\n      token(rejected: $rejected) {\n        __typename\n        ... on OAuthToken { accessToken }\n        ... on AuthorizationRequired { reason }\n        ... on ProviderUnavailable { reason retryAfter }\n      }\n    }\n  }\n": typeof types.BlastRejectedDocument,
    "\n  query StatusOfConnection($connection: ID!) {\n    connection(connection: $connection) { status redirectUri }\n  }\n": typeof types.StatusOfConnectionDocument,
    "\n  mutation RevokeInBrowser($id: ID!) {\n    revokeAuthorizationLink(id: $id) { status }\n  }\n": typeof types.RevokeInBrowserDocument,
    "\n  mutation RevokeKey($id: ID!) {\n    revokeApiKey(id: $id) { id revokedAt }\n  }\n": typeof types.RevokeKeyDocument,
    "\n  query ListKeys {\n    apiKeys { id name prefix lastUsedAt permissions }\n  }\n": typeof types.ListKeysDocument,
    "\n  query ListConnections {\n    connections {\n      totalCount\n      items { name accountCount }\n    }\n  }\n": typeof types.ListConnectionsDocument,
    "\n  query ListAccounts {\n    connectedAccounts {\n      totalCount\n      items { identifier }\n    }\n  }\n": typeof types.ListAccountsDocument,
    "\n        mutation Rename {\n          updateConnection(connection: \"old-name\", input: { name: \"new-name\" }) { id }\n        }\n      ": typeof types.RenameDocument,
    "\n  mutation DemandVerificationOfChoice($connection: ID!) {\n    updateConnection(connection: $connection, input: {userVerification: APPLICATION}) { userVerification }\n  }\n": typeof types.DemandVerificationOfChoiceDocument,
    "\n  mutation DisconnectChosen($id: ID!) {\n    disconnectConnectedAccount(id: $id) { revocation }\n  }\n": typeof types.DisconnectChosenDocument,
    "\n  mutation CreateChoosing($definition: JSONObject!) {\n    createConnector(definition: $definition) { key }\n  }\n": typeof types.CreateChoosingDocument,
    "\n  query ClientToken($connection: ID!, $identifier: String!, $purpose: String, $scopes: [String!]) {\n    token(connection: $connection, identifier: $identifier, purpose: $purpose, scopes: $scopes) {\n      __typename\n      ... on OAuthToken { accessToken }\n      ... on AuthorizationRequired { accountStatus reason }\n      ... on InsufficientScope { missingScopes }\n      ... on ConnectionUnavailable { connectionStatus reason }\n    }\n  }\n": typeof types.ClientTokenDocument,
    "\n  mutation UpdateConnection($connection: ID!, $input: UpdateConnectionInput!) {\n    updateConnection(connection: $connection, input: $input) {\n      id\n      name\n      status\n      problem\n      scopes\n      userVerification\n      fields { key value isSet secret }\n    }\n  }\n": typeof types.UpdateConnectionDocument,
    "\n  mutation Enable($connection: ID!) {\n    enableConnection(connection: $connection) { status problem }\n  }\n": typeof types.EnableDocument,
    "\n  mutation Disable($connection: ID!) {\n    disableConnection(connection: $connection) { status problem }\n  }\n": typeof types.DisableDocument,
    "\n  mutation Remove($connection: ID!, $disconnectAccounts: Boolean) {\n    deleteConnection(connection: $connection, disconnectAccounts: $disconnectAccounts)\n  }\n": typeof types.RemoveDocument,
    "\n  query List($filter: ConnectionFilter, $first: Int, $after: String) {\n    connections(filter: $filter, first: $first, after: $after) {\n      items { id name status accountCount }\n      totalCount\n      endCursor\n      hasNextPage\n    }\n  }\n": typeof types.ListDocument,
    "\n  query One($connection: ID!) {\n    connection(connection: $connection) {\n      id\n      name\n      accountsNeedingConsent {\n        totalCount\n        items { identifier missingScopes }\n      }\n      accounts(first: 1) {\n        totalCount\n        items { identifier }\n      }\n    }\n  }\n": typeof types.OneDocument,
    "\n  mutation UpdateConnector($key: ID!, $definition: JSONObject!) {\n    updateConnector(key: $key, definition: $definition) { key name source }\n  }\n": typeof types.UpdateConnectorDocument,
    "\n  mutation DeleteConnector($key: ID!) {\n    deleteConnector(key: $key)\n  }\n": typeof types.DeleteConnectorDocument,
    "\n  mutation DeleteMade($connection: ID!) {\n    deleteConnection(connection: $connection, disconnectAccounts: true)\n  }\n": typeof types.DeleteMadeDocument,
    "\n  query ReadConnector($key: ID!) {\n    connector(key: $key) {\n      key\n      name\n      origin\n      iconUrl\n      source\n      authMethods { id type }\n    }\n  }\n": typeof types.ReadConnectorDocument,
    "\n  query ReadHelp($key: ID!) {\n    connector(key: $key) {\n      authMethods { help docsUrl consoleUrl }\n    }\n  }\n": typeof types.ReadHelpDocument,
    "\n  query ListConnectors($filter: ConnectorFilter) {\n    connectors(filter: $filter, first: 200) {\n      totalCount\n      items { key }\n    }\n  }\n": typeof types.ListConnectorsDocument,
    "\n  query PreviewDefinition($definition: JSONObject!) { connectorPreview(definition: $definition) { problems } }\n": typeof types.PreviewDefinitionDocument,
    "\n  query ReadViewer {\n    viewer { name permissions connections identifiers }\n  }\n": typeof types.ReadViewerDocument,
    "\n  mutation RevokeKeyOfSession($id: ID!) {\n    revokeApiKey(id: $id) { id }\n  }\n": typeof types.RevokeKeyOfSessionDocument,
    "\n  mutation DisconnectAfterDialog($id: ID!) {\n    disconnectConnectedAccount(id: $id) { revocation }\n  }\n": typeof types.DisconnectAfterDialogDocument,
    "\n  query StatusOf($connection: ID!, $identifier: String!) {\n    connectedAccount(connection: $connection, identifier: $identifier) {\n      status\n      statusReason\n      lastRefresh { succeeded providerError }\n    }\n  }\n": typeof types.StatusOfDocument,
    "\n  query OracleConnector($key: ID!) {\n    connector(key: $key) { key }\n  }\n": typeof types.OracleConnectorDocument,
    "\n  query NeighboursList($filter: ConnectedAccountFilter) {\n    connectedAccounts(first: 100, filter: $filter) { totalCount items { id status } }\n  }\n": typeof types.NeighboursListDocument,
    "\n  mutation MendConnector($key: ID!, $definition: JSONObject!) {\n    updateConnector(key: $key, definition: $definition) { key }\n  }\n": typeof types.MendConnectorDocument,
    "\n  mutation DisconnectModel($id: ID!) {\n    disconnectConnectedAccount(id: $id) { revocation }\n  }\n": typeof types.DisconnectModelDocument,
    "\n  mutation SetVerification($connection: ID!, $mode: UserVerification!) {\n    updateConnection(connection: $connection, input: {userVerification: $mode}) { userVerification }\n  }\n": typeof types.SetVerificationDocument,
    "\n  mutation DisconnectHosted($id: ID!) {\n    disconnectConnectedAccount(id: $id) { revocation }\n  }\n": typeof types.DisconnectHostedDocument,
    "\n  mutation SuspendHosted($id: ID!) {\n    suspendConnectedAccount(id: $id) { status }\n  }\n": typeof types.SuspendHostedDocument,
    "\n  mutation ResumeHosted($id: ID!) {\n    resumeConnectedAccount(id: $id) { status }\n  }\n": typeof types.ResumeHostedDocument,
    "\n  mutation RemoveWithAccounts($connection: ID!) {\n    deleteConnection(connection: $connection, disconnectAccounts: true)\n  }\n": typeof types.RemoveWithAccountsDocument,
    "\n  query DeletionState($connection: ID!) {\n    connection(connection: $connection) {\n      status\n      problem\n      accountCount\n      deletion { startedAt accounts accountsLeft }\n    }\n  }\n": typeof types.DeletionStateDocument,
    "\n  mutation EnableDeleted($connection: ID!) {\n    enableConnection(connection: $connection) { status }\n  }\n": typeof types.EnableDeletedDocument,
    "\n  mutation DisconnectForJobs($id: ID!) {\n    disconnectConnectedAccount(id: $id) { revocation }\n  }\n": typeof types.DisconnectForJobsDocument,
    "\n  mutation BoundsRename($connection: ID!, $name: String!) {\n    updateConnection(connection: $connection, input: { name: $name }) { name }\n  }\n": typeof types.BoundsRenameDocument,
    "\n  mutation BoundsRemove($connection: ID!) { deleteConnection(connection: $connection, disconnectAccounts: true) }\n": typeof types.BoundsRemoveDocument,
    "\n  mutation BoundsChange($connection: ID!, $input: UpdateConnectionInput!) {\n    updateConnection(connection: $connection, input: $input) { userVerification }\n  }\n": typeof types.BoundsChangeDocument,
    "\n  mutation BoundsRotate($id: ID!, $overlap: Int) {\n    rotateApiKey(id: $id, overlap: $overlap) { secret apiKey { id prefix } }\n  }\n": typeof types.BoundsRotateDocument,
    "\n  mutation BoundsRevoke($id: ID!) { revokeApiKey(id: $id) { revokedAt } }\n": typeof types.BoundsRevokeDocument,
    "\n  query BoundsKeys { apiKeys { id connections addresses expiresAt madeBy revokedAt } }\n": typeof types.BoundsKeysDocument,
    "\n  mutation BoundsSuspend($id: ID!) { suspendConnectedAccount(id: $id) { id } }\n": typeof types.BoundsSuspendDocument,
    "\n  query BoundsViewer { viewer { name connections } }\n": typeof types.BoundsViewerDocument,
    "\n  query BoundsPrivately($connection: ID!, $identifier: String!) {\n    connectedAccount(connection: $connection, identifier: $identifier) {\n      identifier\n      metadata\n      providerIdentity { email }\n    }\n  }\n": typeof types.BoundsPrivatelyDocument,
    "\n  mutation UpdateKeys($id: ID!, $input: UpdateConnectedAccountInput!) {\n    updateConnectedAccount(id: $id, input: $input) { status }\n  }\n": typeof types.UpdateKeysDocument,
    "\n  mutation DisconnectKeys($id: ID!) {\n    disconnectConnectedAccount(id: $id) { revocation }\n  }\n": typeof types.DisconnectKeysDocument,
    "\n  mutation RefreshKeys($id: ID!) {\n    refreshConnectedAccount(id: $id) { status }\n  }\n": typeof types.RefreshKeysDocument,
    "\n  query ReadCredential($connection: ID!, $identifier: String!) {\n    connectedAccount(connection: $connection, identifier: $identifier) {\n      id\n      token(minValidity: 3600) {\n        __typename\n        ... on Credential {\n          headers { name value }\n          queryParams { name value }\n          apiBaseUrl\n          expiresAt\n        }\n        ... on OAuthToken { accessToken tokenType scopes }\n        ... on ApiKeyCredential { apiKey }\n        ... on BasicCredential { username password }\n        ... on CustomCredential {\n          values { key value }\n        }\n        ... on AuthorizationRequired { status }\n      }\n    }\n  }\n": typeof types.ReadCredentialDocument,
    "\n  mutation MatrixSuspend($id: ID!) { suspendConnectedAccount(id: $id) { status } }\n": typeof types.MatrixSuspendDocument,
    "\n  mutation MatrixRemove($id: ID!) { deleteConnectedAccount(id: $id) { id } }\n": typeof types.MatrixRemoveDocument,
    "\n  mutation MatrixResume($id: ID!) { resumeConnectedAccount(id: $id) { status } }\n": typeof types.MatrixResumeDocument,
    "\n  mutation MovedChange($connection: ID!, $input: UpdateConnectionInput!) {\n    updateConnection(connection: $connection, input: $input) {\n      status\n      problem\n      fields { key isSet }\n    }\n  }\n": typeof types.MovedChangeDocument,
    "\n  mutation MovedAccount($id: ID!, $input: UpdateConnectedAccountInput!) {\n    updateConnectedAccount(id: $id, input: $input) { status fields { key value isSet } }\n  }\n": typeof types.MovedAccountDocument,
    "\n  mutation MovedRedefine($key: ID!, $definition: JSONObject!) {\n    updateConnector(key: $key, definition: $definition) { key }\n  }\n": typeof types.MovedRedefineDocument,
    "\n  query MovedSource($key: ID!) { connector(key: $key) { source } }\n": typeof types.MovedSourceDocument,
    "\n  mutation MovedRefresh($id: ID!) { refreshConnectedAccount(id: $id) { status } }\n": typeof types.MovedRefreshDocument,
    "\n  mutation MovedDisconnect($id: ID!) { disconnectConnectedAccount(id: $id) { revocation } }\n": typeof types.MovedDisconnectDocument,
    "\n  mutation DisconnectOidc($id: ID!) {\n    disconnectConnectedAccount(id: $id) { revocation message }\n  }\n": typeof types.DisconnectOidcDocument,
    "\n  query ReadIcon($key: ID!) {\n    connector(key: $key) { iconUrl }\n  }\n": typeof types.ReadIconDocument,
    "\n  query ReadRejected($connection: ID!, $identifier: String!, $rejected: String) {\n    connectedAccount(connection: $connection, identifier: $identifier) {\n      token(rejected: $rejected) {\n        __typename\n        ... on OAuthToken { accessToken }\n        ... on AuthorizationRequired { accountStatus reason }\n        ... on ProviderUnavailable { reason retryAfter }\n      }\n    }\n  }\n": typeof types.ReadRejectedDocument,
    "\n  query ReadIdOf($connection: ID!) { connectedAccount(connection: $connection, identifier: \"ada\") { id } }\n": typeof types.ReadIdOfDocument,
    "\n  mutation ImportAgain($id: ID!, $input: UpdateConnectedAccountInput!) {\n    updateConnectedAccount(id: $id, input: $input) { id }\n  }\n": typeof types.ImportAgainDocument,
    "\n  query ReadKeepAlive($connection: ID!) {\n    connection(connection: $connection) {\n      keepAlive { maxIdleDays due lapsing perDay measuredAt }\n    }\n  }\n": typeof types.ReadKeepAliveDocument,
    "\n  mutation CreateConnection($input: CreateConnectionInput!) {\n    createConnection(input: $input) {\n      id\n      name\n      status\n      problem\n      redirectUri\n      scopes\n      userVerification\n      connector { key }\n      authMethod { id type }\n      fields { key value isSet secret }\n    }\n  }\n": typeof types.CreateConnectionDocument,
    "\n  mutation StartAuthorization($input: StartAuthorizationInput!) {\n    startAuthorization(input: $input) {\n      id\n      url\n      status\n      scopes\n      expiresAt\n      account { id status identifier }\n    }\n  }\n": typeof types.StartAuthorizationDocument,
    "\n  query ReadToken($connection: ID!, $identifier: String!, $minValidity: Int, $scopes: [String!], $purpose: String) {\n    connectedAccount(connection: $connection, identifier: $identifier) {\n      id\n      status\n      token(minValidity: $minValidity, scopes: $scopes, purpose: $purpose) {\n        __typename\n        ... on OAuthToken {\n          accessToken\n          tokenType\n          scopes\n          expiresAt\n          apiBaseUrl\n          headers { name value }\n          queryParams { name value }\n        }\n        ... on AuthorizationRequired { status reason }\n        ... on InsufficientScope { missingScopes grantedScopes }\n        ... on ConnectionUnavailable { connectionStatus: status reason }\n        ... on ProviderUnavailable { reason retryAfter }\n      }\n    }\n  }\n": typeof types.ReadTokenDocument,
    "\n  query ReadAccount($connection: ID!, $identifier: String!) {\n    connectedAccount(connection: $connection, identifier: $identifier) {\n      id\n      identifier\n      status\n      statusReason\n      requestedScopes\n      grantedScopes\n      missingScopes\n      tokenExpiresAt\n      reauthorizationDueAt\n      lastTokenReadAt\n      metadata\n      providerIdentity { subject email name }\n      lastRefresh { at succeeded providerError message }\n      authorizationLinks { id status url }\n      fields { key value isSet }\n      connection { name }\n    }\n  }\n": typeof types.ReadAccountDocument,
    "\n  mutation ImportTokens($input: CreateConnectedAccountInput!) {\n    createConnectedAccount(input: $input) { id status identifier tokenExpiresAt metadata }\n  }\n": typeof types.ImportTokensDocument,
    "\n  mutation CreateApiKey($input: CreateApiKeyInput!) {\n    createApiKey(input: $input) {\n      secret\n      apiKey { id name prefix permissions connections identifiers expiresAt revokedAt lastUsedAt }\n    }\n  }\n": typeof types.CreateApiKeyDocument,
    "\n  query AuditEvents($filter: AuditEventFilter, $first: Int) {\n    auditEvents(filter: $filter, first: $first) {\n      items { id at action outcome actor connection identifier purpose ipAddress details }\n      endCursor\n      hasNextPage\n    }\n  }\n": typeof types.AuditEventsDocument,
    "\n  mutation Verify($input: VerifyAuthorizationInput!) {\n    verifyAuthorization(input: $input) { id status identifier }\n  }\n": typeof types.VerifyDocument,
    "\n  mutation CreateConnector($definition: JSONObject!) {\n    createConnector(definition: $definition) {\n      key\n      origin\n      iconUrl\n      status\n      endsOn\n      source\n      authMethods {\n        id\n        type\n        name\n        refreshable\n        verifiable\n        status\n        endsOn\n        connectionFields { key kind required secret helpUrl }\n        accountFields { key kind required secret }\n        scopes { value required default description }\n      }\n    }\n  }\n": typeof types.CreateConnectorDocument,
    "\n  query ReadAnyCredential($connection: ID!, $identifier: String!, $minValidity: Int) {\n    connectedAccount(connection: $connection, identifier: $identifier) {\n      id\n      status\n      statusReason\n      grantedScopes\n      missingScopes\n      tokenExpiresAt\n      reauthorizationDueAt\n      providerIdentity { subject name email tenant }\n      token(minValidity: $minValidity) {\n        __typename\n        ... on Credential {\n          headers { name value }\n          queryParams { name value }\n          bodyParams { name value }\n          apiBaseUrl\n          expiresAt\n        }\n        ... on OAuthToken {\n          accessToken\n          tokenType\n          scopes\n          namedTokens { name accessToken }\n        }\n        ... on ApiKeyCredential { apiKey }\n        ... on BasicCredential { username password }\n        ... on CustomCredential {\n          values { key value }\n        }\n        ... on KeyPairCredential { keyId privateKey }\n        ... on AwsCredential { accessKeyId secretAccessKey sessionToken region }\n        ... on AuthorizationRequired { status reason }\n        ... on ConnectionUnavailable { connectionStatus: status reason }\n        ... on ProviderUnavailable { reason retryAfter }\n      }\n    }\n  }\n": typeof types.ReadAnyCredentialDocument,
    "\n  query ReadRedirect($connection: ID!) {\n    connection(connection: $connection) { redirectUri }\n  }\n": typeof types.ReadRedirectDocument,
    "\n  mutation ChangeConnection($connection: ID!, $value: String!) {\n    updateConnection(connection: $connection, input: { fields: [{ key: \"host\", value: $value }] }) { status }\n  }\n": typeof types.ChangeConnectionDocument,
    "\n  mutation Refresh($id: ID!) {\n    refreshConnectedAccount(id: $id) {\n      status\n      statusReason\n      lastRefresh { succeeded providerError message }\n    }\n  }\n": typeof types.RefreshDocument,
    "\n  mutation Disconnect($id: ID!) {\n    disconnectConnectedAccount(id: $id) { identifier revocation message }\n  }\n": typeof types.DisconnectDocument,
    "\n  mutation DeleteAccount($id: ID!) {\n    deleteConnectedAccount(id: $id) { identifier revocation }\n  }\n": typeof types.DeleteAccountDocument,
    "\n  mutation Suspend($id: ID!) {\n    suspendConnectedAccount(id: $id) { status statusReason }\n  }\n": typeof types.SuspendDocument,
    "\n  mutation Resume($id: ID!) {\n    resumeConnectedAccount(id: $id) { status statusReason }\n  }\n": typeof types.ResumeDocument,
    "\n  query ReadConnection($connection: ID!) {\n    connection(connection: $connection) { status problem }\n  }\n": typeof types.ReadConnectionDocument,
    "\n  mutation Repair($connection: ID!, $input: UpdateConnectionInput!) {\n    updateConnection(connection: $connection, input: $input) { status problem }\n  }\n": typeof types.RepairDocument,
    "\n  mutation UpdateAccount($id: ID!, $input: UpdateConnectedAccountInput!) {\n    updateConnectedAccount(id: $id, input: $input) { metadata status }\n  }\n": typeof types.UpdateAccountDocument,
    "\n  query TellBefore($connection: ID!, $identifier: String!) {\n    connectedAccount(connection: $connection, identifier: $identifier) {\n      status statusReason tokenExpiresAt lastRefresh { succeeded } grantedScopes\n      token {\n        ... on OAuthToken { expiresAt scopes }\n        ... on AuthorizationRequired { status reason }\n      }\n    }\n  }\n": typeof types.TellBeforeDocument,
    "\n  query TellAfter($connection: ID!, $identifier: String!) {\n    connectedAccount(connection: $connection, identifier: $identifier) {\n      token {\n        ... on OAuthToken { expiresAt scopes }\n        ... on AuthorizationRequired { status reason }\n      }\n      status statusReason tokenExpiresAt lastRefresh { succeeded } grantedScopes\n    }\n  }\n": typeof types.TellAfterDocument,
    "\n      query Both($id: ID, $connection: ID, $identifier: String) {\n        connectedAccount(id: $id, connection: $connection, identifier: $identifier) { identifier }\n      }\n    ": typeof types.BothDocument,
    "\n  mutation TrustedRotate($id: ID!) { rotateApiKey(id: $id) { secret apiKey { trustedDocumentsOnly } } }\n": typeof types.TrustedRotateDocument,
    "\n  mutation TrustedMake($input: CreateApiKeyInput!) {\n    createApiKey(input: $input) { secret apiKey { id trustedDocumentsOnly } }\n  }\n": typeof types.TrustedMakeDocument,
    "\n  query UpgradeConnections($after: String) {\n    connections(first: 50, after: $after) {\n      items {\n        id name status problem scopes userVerification createdAt redirectUri\n        connector { key } authMethod { id type } fields { key value isSet secret }\n      }\n      endCursor hasNextPage\n    }\n  }\n": typeof types.UpgradeConnectionsDocument,
    "\n  query UpgradeAccounts($after: String) {\n    connectedAccounts(first: 30, after: $after) {\n      items {\n        id identifier status statusReason statusChangedAt requestedScopes grantedScopes metadata\n        tokenExpiresAt reauthorizationDueAt createdAt\n        providerIdentity { subject email name } lastRefresh { succeeded providerError message }\n        authorizationLinks { id status scopes expiresAt } connection { name } fields { key value isSet secret }\n      }\n      endCursor hasNextPage\n    }\n  }\n": typeof types.UpgradeAccountsDocument,
    "\n  query UpgradeFindAccount($connection: ID!, $identifier: String!) {\n    connectedAccount(connection: $connection, identifier: $identifier) { id status statusReason }\n  }\n": typeof types.UpgradeFindAccountDocument,
    "\n  query UpgradeCredential($id: ID!, $purpose: String, $minValidity: Int) {\n    connectedAccount(id: $id) {\n      status\n      token(purpose: $purpose, minValidity: $minValidity) {\n        __typename\n        ... on Credential {\n          headers { name value } queryParams { name value } bodyParams { name value } apiBaseUrl expiresAt\n        }\n        ... on OAuthToken { accessToken tokenType scopes namedTokens { name accessToken expiresAt } }\n        ... on ApiKeyCredential { apiKey }\n        ... on BasicCredential { username password }\n        ... on CustomCredential { values { key value } }\n        ... on KeyPairCredential { keyId privateKey }\n        ... on AwsCredential { accessKeyId secretAccessKey sessionToken region }\n        ... on AuthorizationRequired { status reason }\n        ... on ConnectionUnavailable { connectionStatus: status reason }\n        ... on ProviderUnavailable { reason retryAfter }\n      }\n    }\n  }\n": typeof types.UpgradeCredentialDocument,
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
    "\n  mutation UpgradeDeleteConnection($connection: ID!) {\n    deleteConnection(connection: $connection, disconnectAccounts: true)\n  }\n": typeof types.UpgradeDeleteConnectionDocument,
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
    "\n  mutation WallsChange($connection: ID!, $input: UpdateConnectionInput!) {\n    updateConnection(connection: $connection, input: $input) {\n      status\n      problem\n      fields { key isSet }\n    }\n  }\n": typeof types.WallsChangeDocument,
    "\n  mutation WallsRedefine($key: ID!, $definition: JSONObject!) {\n    updateConnector(key: $key, definition: $definition) { key }\n  }\n": typeof types.WallsRedefineDocument,
    "\n  query WallsSource($key: ID!) { connector(key: $key) { source } }\n": typeof types.WallsSourceDocument,
    "\n  mutation WallsDisconnect($id: ID!) { disconnectConnectedAccount(id: $id) { revocation } }\n": typeof types.WallsDisconnectDocument,
    "\n  mutation WallsVerify($input: VerifyAuthorizationInput!) { verifyAuthorization(input: $input) { status } }\n": typeof types.WallsVerifyDocument,
};
const documents: Documents = {
    "\n  mutation RevokeLink($id: ID!) {\n    revokeAuthorizationLink(id: $id) { id status url }\n  }\n": types.RevokeLinkDocument,
    "\n  mutation Touch($connection: ID!) {\n    updateConnection(connection: $connection, input: { scopes: [\"openid\", \"email\"] }) { id }\n  }\n": types.TouchDocument,
    "\n          query Uri($connection: ID!, $identifier: String!) {\n            connectedAccount(connection: $connection, identifier: $identifier) {\n              connection { redirectUri }\n            }\n          }\n        ": types.UriDocument,
    "\n  query BlastConnection($connection: ID!) { connection(connection: $connection) { status problem } }\n": types.BlastConnectionDocument,
    "\n  mutation BlastChangeClient($connection: ID!, $input: UpdateConnectionInput!) {\n    updateConnection(connection: $connection, input: $input) { status }\n  }\n": types.BlastChangeClientDocument,
    "\n  mutation BlastStart($input: StartAuthorizationInput!) { startAuthorization(input: $input) { url } }\n": types.BlastStartDocument,
    "\n  query BlastRejected($connection: ID!, $identifier: String!, $rejected: String) {\n    connectedAccount(connection: $connection, identifier: $identifier) {\n      token(rejected: $rejected) {\n        __typename\n        ... on OAuthToken { accessToken }\n        ... on AuthorizationRequired { reason }\n        ... on ProviderUnavailable { reason retryAfter }\n      }\n    }\n  }\n": types.BlastRejectedDocument,
    "\n  query StatusOfConnection($connection: ID!) {\n    connection(connection: $connection) { status redirectUri }\n  }\n": types.StatusOfConnectionDocument,
    "\n  mutation RevokeInBrowser($id: ID!) {\n    revokeAuthorizationLink(id: $id) { status }\n  }\n": types.RevokeInBrowserDocument,
    "\n  mutation RevokeKey($id: ID!) {\n    revokeApiKey(id: $id) { id revokedAt }\n  }\n": types.RevokeKeyDocument,
    "\n  query ListKeys {\n    apiKeys { id name prefix lastUsedAt permissions }\n  }\n": types.ListKeysDocument,
    "\n  query ListConnections {\n    connections {\n      totalCount\n      items { name accountCount }\n    }\n  }\n": types.ListConnectionsDocument,
    "\n  query ListAccounts {\n    connectedAccounts {\n      totalCount\n      items { identifier }\n    }\n  }\n": types.ListAccountsDocument,
    "\n        mutation Rename {\n          updateConnection(connection: \"old-name\", input: { name: \"new-name\" }) { id }\n        }\n      ": types.RenameDocument,
    "\n  mutation DemandVerificationOfChoice($connection: ID!) {\n    updateConnection(connection: $connection, input: {userVerification: APPLICATION}) { userVerification }\n  }\n": types.DemandVerificationOfChoiceDocument,
    "\n  mutation DisconnectChosen($id: ID!) {\n    disconnectConnectedAccount(id: $id) { revocation }\n  }\n": types.DisconnectChosenDocument,
    "\n  mutation CreateChoosing($definition: JSONObject!) {\n    createConnector(definition: $definition) { key }\n  }\n": types.CreateChoosingDocument,
    "\n  query ClientToken($connection: ID!, $identifier: String!, $purpose: String, $scopes: [String!]) {\n    token(connection: $connection, identifier: $identifier, purpose: $purpose, scopes: $scopes) {\n      __typename\n      ... on OAuthToken { accessToken }\n      ... on AuthorizationRequired { accountStatus reason }\n      ... on InsufficientScope { missingScopes }\n      ... on ConnectionUnavailable { connectionStatus reason }\n    }\n  }\n": types.ClientTokenDocument,
    "\n  mutation UpdateConnection($connection: ID!, $input: UpdateConnectionInput!) {\n    updateConnection(connection: $connection, input: $input) {\n      id\n      name\n      status\n      problem\n      scopes\n      userVerification\n      fields { key value isSet secret }\n    }\n  }\n": types.UpdateConnectionDocument,
    "\n  mutation Enable($connection: ID!) {\n    enableConnection(connection: $connection) { status problem }\n  }\n": types.EnableDocument,
    "\n  mutation Disable($connection: ID!) {\n    disableConnection(connection: $connection) { status problem }\n  }\n": types.DisableDocument,
    "\n  mutation Remove($connection: ID!, $disconnectAccounts: Boolean) {\n    deleteConnection(connection: $connection, disconnectAccounts: $disconnectAccounts)\n  }\n": types.RemoveDocument,
    "\n  query List($filter: ConnectionFilter, $first: Int, $after: String) {\n    connections(filter: $filter, first: $first, after: $after) {\n      items { id name status accountCount }\n      totalCount\n      endCursor\n      hasNextPage\n    }\n  }\n": types.ListDocument,
    "\n  query One($connection: ID!) {\n    connection(connection: $connection) {\n      id\n      name\n      accountsNeedingConsent {\n        totalCount\n        items { identifier missingScopes }\n      }\n      accounts(first: 1) {\n        totalCount\n        items { identifier }\n      }\n    }\n  }\n": types.OneDocument,
    "\n  mutation UpdateConnector($key: ID!, $definition: JSONObject!) {\n    updateConnector(key: $key, definition: $definition) { key name source }\n  }\n": types.UpdateConnectorDocument,
    "\n  mutation DeleteConnector($key: ID!) {\n    deleteConnector(key: $key)\n  }\n": types.DeleteConnectorDocument,
    "\n  mutation DeleteMade($connection: ID!) {\n    deleteConnection(connection: $connection, disconnectAccounts: true)\n  }\n": types.DeleteMadeDocument,
    "\n  query ReadConnector($key: ID!) {\n    connector(key: $key) {\n      key\n      name\n      origin\n      iconUrl\n      source\n      authMethods { id type }\n    }\n  }\n": types.ReadConnectorDocument,
    "\n  query ReadHelp($key: ID!) {\n    connector(key: $key) {\n      authMethods { help docsUrl consoleUrl }\n    }\n  }\n": types.ReadHelpDocument,
    "\n  query ListConnectors($filter: ConnectorFilter) {\n    connectors(filter: $filter, first: 200) {\n      totalCount\n      items { key }\n    }\n  }\n": types.ListConnectorsDocument,
    "\n  query PreviewDefinition($definition: JSONObject!) { connectorPreview(definition: $definition) { problems } }\n": types.PreviewDefinitionDocument,
    "\n  query ReadViewer {\n    viewer { name permissions connections identifiers }\n  }\n": types.ReadViewerDocument,
    "\n  mutation RevokeKeyOfSession($id: ID!) {\n    revokeApiKey(id: $id) { id }\n  }\n": types.RevokeKeyOfSessionDocument,
    "\n  mutation DisconnectAfterDialog($id: ID!) {\n    disconnectConnectedAccount(id: $id) { revocation }\n  }\n": types.DisconnectAfterDialogDocument,
    "\n  query StatusOf($connection: ID!, $identifier: String!) {\n    connectedAccount(connection: $connection, identifier: $identifier) {\n      status\n      statusReason\n      lastRefresh { succeeded providerError }\n    }\n  }\n": types.StatusOfDocument,
    "\n  query OracleConnector($key: ID!) {\n    connector(key: $key) { key }\n  }\n": types.OracleConnectorDocument,
    "\n  query NeighboursList($filter: ConnectedAccountFilter) {\n    connectedAccounts(first: 100, filter: $filter) { totalCount items { id status } }\n  }\n": types.NeighboursListDocument,
    "\n  mutation MendConnector($key: ID!, $definition: JSONObject!) {\n    updateConnector(key: $key, definition: $definition) { key }\n  }\n": types.MendConnectorDocument,
    "\n  mutation DisconnectModel($id: ID!) {\n    disconnectConnectedAccount(id: $id) { revocation }\n  }\n": types.DisconnectModelDocument,
    "\n  mutation SetVerification($connection: ID!, $mode: UserVerification!) {\n    updateConnection(connection: $connection, input: {userVerification: $mode}) { userVerification }\n  }\n": types.SetVerificationDocument,
    "\n  mutation DisconnectHosted($id: ID!) {\n    disconnectConnectedAccount(id: $id) { revocation }\n  }\n": types.DisconnectHostedDocument,
    "\n  mutation SuspendHosted($id: ID!) {\n    suspendConnectedAccount(id: $id) { status }\n  }\n": types.SuspendHostedDocument,
    "\n  mutation ResumeHosted($id: ID!) {\n    resumeConnectedAccount(id: $id) { status }\n  }\n": types.ResumeHostedDocument,
    "\n  mutation RemoveWithAccounts($connection: ID!) {\n    deleteConnection(connection: $connection, disconnectAccounts: true)\n  }\n": types.RemoveWithAccountsDocument,
    "\n  query DeletionState($connection: ID!) {\n    connection(connection: $connection) {\n      status\n      problem\n      accountCount\n      deletion { startedAt accounts accountsLeft }\n    }\n  }\n": types.DeletionStateDocument,
    "\n  mutation EnableDeleted($connection: ID!) {\n    enableConnection(connection: $connection) { status }\n  }\n": types.EnableDeletedDocument,
    "\n  mutation DisconnectForJobs($id: ID!) {\n    disconnectConnectedAccount(id: $id) { revocation }\n  }\n": types.DisconnectForJobsDocument,
    "\n  mutation BoundsRename($connection: ID!, $name: String!) {\n    updateConnection(connection: $connection, input: { name: $name }) { name }\n  }\n": types.BoundsRenameDocument,
    "\n  mutation BoundsRemove($connection: ID!) { deleteConnection(connection: $connection, disconnectAccounts: true) }\n": types.BoundsRemoveDocument,
    "\n  mutation BoundsChange($connection: ID!, $input: UpdateConnectionInput!) {\n    updateConnection(connection: $connection, input: $input) { userVerification }\n  }\n": types.BoundsChangeDocument,
    "\n  mutation BoundsRotate($id: ID!, $overlap: Int) {\n    rotateApiKey(id: $id, overlap: $overlap) { secret apiKey { id prefix } }\n  }\n": types.BoundsRotateDocument,
    "\n  mutation BoundsRevoke($id: ID!) { revokeApiKey(id: $id) { revokedAt } }\n": types.BoundsRevokeDocument,
    "\n  query BoundsKeys { apiKeys { id connections addresses expiresAt madeBy revokedAt } }\n": types.BoundsKeysDocument,
    "\n  mutation BoundsSuspend($id: ID!) { suspendConnectedAccount(id: $id) { id } }\n": types.BoundsSuspendDocument,
    "\n  query BoundsViewer { viewer { name connections } }\n": types.BoundsViewerDocument,
    "\n  query BoundsPrivately($connection: ID!, $identifier: String!) {\n    connectedAccount(connection: $connection, identifier: $identifier) {\n      identifier\n      metadata\n      providerIdentity { email }\n    }\n  }\n": types.BoundsPrivatelyDocument,
    "\n  mutation UpdateKeys($id: ID!, $input: UpdateConnectedAccountInput!) {\n    updateConnectedAccount(id: $id, input: $input) { status }\n  }\n": types.UpdateKeysDocument,
    "\n  mutation DisconnectKeys($id: ID!) {\n    disconnectConnectedAccount(id: $id) { revocation }\n  }\n": types.DisconnectKeysDocument,
    "\n  mutation RefreshKeys($id: ID!) {\n    refreshConnectedAccount(id: $id) { status }\n  }\n": types.RefreshKeysDocument,
    "\n  query ReadCredential($connection: ID!, $identifier: String!) {\n    connectedAccount(connection: $connection, identifier: $identifier) {\n      id\n      token(minValidity: 3600) {\n        __typename\n        ... on Credential {\n          headers { name value }\n          queryParams { name value }\n          apiBaseUrl\n          expiresAt\n        }\n        ... on OAuthToken { accessToken tokenType scopes }\n        ... on ApiKeyCredential { apiKey }\n        ... on BasicCredential { username password }\n        ... on CustomCredential {\n          values { key value }\n        }\n        ... on AuthorizationRequired { status }\n      }\n    }\n  }\n": types.ReadCredentialDocument,
    "\n  mutation MatrixSuspend($id: ID!) { suspendConnectedAccount(id: $id) { status } }\n": types.MatrixSuspendDocument,
    "\n  mutation MatrixRemove($id: ID!) { deleteConnectedAccount(id: $id) { id } }\n": types.MatrixRemoveDocument,
    "\n  mutation MatrixResume($id: ID!) { resumeConnectedAccount(id: $id) { status } }\n": types.MatrixResumeDocument,
    "\n  mutation MovedChange($connection: ID!, $input: UpdateConnectionInput!) {\n    updateConnection(connection: $connection, input: $input) {\n      status\n      problem\n      fields { key isSet }\n    }\n  }\n": types.MovedChangeDocument,
    "\n  mutation MovedAccount($id: ID!, $input: UpdateConnectedAccountInput!) {\n    updateConnectedAccount(id: $id, input: $input) { status fields { key value isSet } }\n  }\n": types.MovedAccountDocument,
    "\n  mutation MovedRedefine($key: ID!, $definition: JSONObject!) {\n    updateConnector(key: $key, definition: $definition) { key }\n  }\n": types.MovedRedefineDocument,
    "\n  query MovedSource($key: ID!) { connector(key: $key) { source } }\n": types.MovedSourceDocument,
    "\n  mutation MovedRefresh($id: ID!) { refreshConnectedAccount(id: $id) { status } }\n": types.MovedRefreshDocument,
    "\n  mutation MovedDisconnect($id: ID!) { disconnectConnectedAccount(id: $id) { revocation } }\n": types.MovedDisconnectDocument,
    "\n  mutation DisconnectOidc($id: ID!) {\n    disconnectConnectedAccount(id: $id) { revocation message }\n  }\n": types.DisconnectOidcDocument,
    "\n  query ReadIcon($key: ID!) {\n    connector(key: $key) { iconUrl }\n  }\n": types.ReadIconDocument,
    "\n  query ReadRejected($connection: ID!, $identifier: String!, $rejected: String) {\n    connectedAccount(connection: $connection, identifier: $identifier) {\n      token(rejected: $rejected) {\n        __typename\n        ... on OAuthToken { accessToken }\n        ... on AuthorizationRequired { accountStatus reason }\n        ... on ProviderUnavailable { reason retryAfter }\n      }\n    }\n  }\n": types.ReadRejectedDocument,
    "\n  query ReadIdOf($connection: ID!) { connectedAccount(connection: $connection, identifier: \"ada\") { id } }\n": types.ReadIdOfDocument,
    "\n  mutation ImportAgain($id: ID!, $input: UpdateConnectedAccountInput!) {\n    updateConnectedAccount(id: $id, input: $input) { id }\n  }\n": types.ImportAgainDocument,
    "\n  query ReadKeepAlive($connection: ID!) {\n    connection(connection: $connection) {\n      keepAlive { maxIdleDays due lapsing perDay measuredAt }\n    }\n  }\n": types.ReadKeepAliveDocument,
    "\n  mutation CreateConnection($input: CreateConnectionInput!) {\n    createConnection(input: $input) {\n      id\n      name\n      status\n      problem\n      redirectUri\n      scopes\n      userVerification\n      connector { key }\n      authMethod { id type }\n      fields { key value isSet secret }\n    }\n  }\n": types.CreateConnectionDocument,
    "\n  mutation StartAuthorization($input: StartAuthorizationInput!) {\n    startAuthorization(input: $input) {\n      id\n      url\n      status\n      scopes\n      expiresAt\n      account { id status identifier }\n    }\n  }\n": types.StartAuthorizationDocument,
    "\n  query ReadToken($connection: ID!, $identifier: String!, $minValidity: Int, $scopes: [String!], $purpose: String) {\n    connectedAccount(connection: $connection, identifier: $identifier) {\n      id\n      status\n      token(minValidity: $minValidity, scopes: $scopes, purpose: $purpose) {\n        __typename\n        ... on OAuthToken {\n          accessToken\n          tokenType\n          scopes\n          expiresAt\n          apiBaseUrl\n          headers { name value }\n          queryParams { name value }\n        }\n        ... on AuthorizationRequired { status reason }\n        ... on InsufficientScope { missingScopes grantedScopes }\n        ... on ConnectionUnavailable { connectionStatus: status reason }\n        ... on ProviderUnavailable { reason retryAfter }\n      }\n    }\n  }\n": types.ReadTokenDocument,
    "\n  query ReadAccount($connection: ID!, $identifier: String!) {\n    connectedAccount(connection: $connection, identifier: $identifier) {\n      id\n      identifier\n      status\n      statusReason\n      requestedScopes\n      grantedScopes\n      missingScopes\n      tokenExpiresAt\n      reauthorizationDueAt\n      lastTokenReadAt\n      metadata\n      providerIdentity { subject email name }\n      lastRefresh { at succeeded providerError message }\n      authorizationLinks { id status url }\n      fields { key value isSet }\n      connection { name }\n    }\n  }\n": types.ReadAccountDocument,
    "\n  mutation ImportTokens($input: CreateConnectedAccountInput!) {\n    createConnectedAccount(input: $input) { id status identifier tokenExpiresAt metadata }\n  }\n": types.ImportTokensDocument,
    "\n  mutation CreateApiKey($input: CreateApiKeyInput!) {\n    createApiKey(input: $input) {\n      secret\n      apiKey { id name prefix permissions connections identifiers expiresAt revokedAt lastUsedAt }\n    }\n  }\n": types.CreateApiKeyDocument,
    "\n  query AuditEvents($filter: AuditEventFilter, $first: Int) {\n    auditEvents(filter: $filter, first: $first) {\n      items { id at action outcome actor connection identifier purpose ipAddress details }\n      endCursor\n      hasNextPage\n    }\n  }\n": types.AuditEventsDocument,
    "\n  mutation Verify($input: VerifyAuthorizationInput!) {\n    verifyAuthorization(input: $input) { id status identifier }\n  }\n": types.VerifyDocument,
    "\n  mutation CreateConnector($definition: JSONObject!) {\n    createConnector(definition: $definition) {\n      key\n      origin\n      iconUrl\n      status\n      endsOn\n      source\n      authMethods {\n        id\n        type\n        name\n        refreshable\n        verifiable\n        status\n        endsOn\n        connectionFields { key kind required secret helpUrl }\n        accountFields { key kind required secret }\n        scopes { value required default description }\n      }\n    }\n  }\n": types.CreateConnectorDocument,
    "\n  query ReadAnyCredential($connection: ID!, $identifier: String!, $minValidity: Int) {\n    connectedAccount(connection: $connection, identifier: $identifier) {\n      id\n      status\n      statusReason\n      grantedScopes\n      missingScopes\n      tokenExpiresAt\n      reauthorizationDueAt\n      providerIdentity { subject name email tenant }\n      token(minValidity: $minValidity) {\n        __typename\n        ... on Credential {\n          headers { name value }\n          queryParams { name value }\n          bodyParams { name value }\n          apiBaseUrl\n          expiresAt\n        }\n        ... on OAuthToken {\n          accessToken\n          tokenType\n          scopes\n          namedTokens { name accessToken }\n        }\n        ... on ApiKeyCredential { apiKey }\n        ... on BasicCredential { username password }\n        ... on CustomCredential {\n          values { key value }\n        }\n        ... on KeyPairCredential { keyId privateKey }\n        ... on AwsCredential { accessKeyId secretAccessKey sessionToken region }\n        ... on AuthorizationRequired { status reason }\n        ... on ConnectionUnavailable { connectionStatus: status reason }\n        ... on ProviderUnavailable { reason retryAfter }\n      }\n    }\n  }\n": types.ReadAnyCredentialDocument,
    "\n  query ReadRedirect($connection: ID!) {\n    connection(connection: $connection) { redirectUri }\n  }\n": types.ReadRedirectDocument,
    "\n  mutation ChangeConnection($connection: ID!, $value: String!) {\n    updateConnection(connection: $connection, input: { fields: [{ key: \"host\", value: $value }] }) { status }\n  }\n": types.ChangeConnectionDocument,
    "\n  mutation Refresh($id: ID!) {\n    refreshConnectedAccount(id: $id) {\n      status\n      statusReason\n      lastRefresh { succeeded providerError message }\n    }\n  }\n": types.RefreshDocument,
    "\n  mutation Disconnect($id: ID!) {\n    disconnectConnectedAccount(id: $id) { identifier revocation message }\n  }\n": types.DisconnectDocument,
    "\n  mutation DeleteAccount($id: ID!) {\n    deleteConnectedAccount(id: $id) { identifier revocation }\n  }\n": types.DeleteAccountDocument,
    "\n  mutation Suspend($id: ID!) {\n    suspendConnectedAccount(id: $id) { status statusReason }\n  }\n": types.SuspendDocument,
    "\n  mutation Resume($id: ID!) {\n    resumeConnectedAccount(id: $id) { status statusReason }\n  }\n": types.ResumeDocument,
    "\n  query ReadConnection($connection: ID!) {\n    connection(connection: $connection) { status problem }\n  }\n": types.ReadConnectionDocument,
    "\n  mutation Repair($connection: ID!, $input: UpdateConnectionInput!) {\n    updateConnection(connection: $connection, input: $input) { status problem }\n  }\n": types.RepairDocument,
    "\n  mutation UpdateAccount($id: ID!, $input: UpdateConnectedAccountInput!) {\n    updateConnectedAccount(id: $id, input: $input) { metadata status }\n  }\n": types.UpdateAccountDocument,
    "\n  query TellBefore($connection: ID!, $identifier: String!) {\n    connectedAccount(connection: $connection, identifier: $identifier) {\n      status statusReason tokenExpiresAt lastRefresh { succeeded } grantedScopes\n      token {\n        ... on OAuthToken { expiresAt scopes }\n        ... on AuthorizationRequired { status reason }\n      }\n    }\n  }\n": types.TellBeforeDocument,
    "\n  query TellAfter($connection: ID!, $identifier: String!) {\n    connectedAccount(connection: $connection, identifier: $identifier) {\n      token {\n        ... on OAuthToken { expiresAt scopes }\n        ... on AuthorizationRequired { status reason }\n      }\n      status statusReason tokenExpiresAt lastRefresh { succeeded } grantedScopes\n    }\n  }\n": types.TellAfterDocument,
    "\n      query Both($id: ID, $connection: ID, $identifier: String) {\n        connectedAccount(id: $id, connection: $connection, identifier: $identifier) { identifier }\n      }\n    ": types.BothDocument,
    "\n  mutation TrustedRotate($id: ID!) { rotateApiKey(id: $id) { secret apiKey { trustedDocumentsOnly } } }\n": types.TrustedRotateDocument,
    "\n  mutation TrustedMake($input: CreateApiKeyInput!) {\n    createApiKey(input: $input) { secret apiKey { id trustedDocumentsOnly } }\n  }\n": types.TrustedMakeDocument,
    "\n  query UpgradeConnections($after: String) {\n    connections(first: 50, after: $after) {\n      items {\n        id name status problem scopes userVerification createdAt redirectUri\n        connector { key } authMethod { id type } fields { key value isSet secret }\n      }\n      endCursor hasNextPage\n    }\n  }\n": types.UpgradeConnectionsDocument,
    "\n  query UpgradeAccounts($after: String) {\n    connectedAccounts(first: 30, after: $after) {\n      items {\n        id identifier status statusReason statusChangedAt requestedScopes grantedScopes metadata\n        tokenExpiresAt reauthorizationDueAt createdAt\n        providerIdentity { subject email name } lastRefresh { succeeded providerError message }\n        authorizationLinks { id status scopes expiresAt } connection { name } fields { key value isSet secret }\n      }\n      endCursor hasNextPage\n    }\n  }\n": types.UpgradeAccountsDocument,
    "\n  query UpgradeFindAccount($connection: ID!, $identifier: String!) {\n    connectedAccount(connection: $connection, identifier: $identifier) { id status statusReason }\n  }\n": types.UpgradeFindAccountDocument,
    "\n  query UpgradeCredential($id: ID!, $purpose: String, $minValidity: Int) {\n    connectedAccount(id: $id) {\n      status\n      token(purpose: $purpose, minValidity: $minValidity) {\n        __typename\n        ... on Credential {\n          headers { name value } queryParams { name value } bodyParams { name value } apiBaseUrl expiresAt\n        }\n        ... on OAuthToken { accessToken tokenType scopes namedTokens { name accessToken expiresAt } }\n        ... on ApiKeyCredential { apiKey }\n        ... on BasicCredential { username password }\n        ... on CustomCredential { values { key value } }\n        ... on KeyPairCredential { keyId privateKey }\n        ... on AwsCredential { accessKeyId secretAccessKey sessionToken region }\n        ... on AuthorizationRequired { status reason }\n        ... on ConnectionUnavailable { connectionStatus: status reason }\n        ... on ProviderUnavailable { reason retryAfter }\n      }\n    }\n  }\n": types.UpgradeCredentialDocument,
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
    "\n  mutation UpgradeDeleteConnection($connection: ID!) {\n    deleteConnection(connection: $connection, disconnectAccounts: true)\n  }\n": types.UpgradeDeleteConnectionDocument,
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
    "\n  mutation WallsChange($connection: ID!, $input: UpdateConnectionInput!) {\n    updateConnection(connection: $connection, input: $input) {\n      status\n      problem\n      fields { key isSet }\n    }\n  }\n": types.WallsChangeDocument,
    "\n  mutation WallsRedefine($key: ID!, $definition: JSONObject!) {\n    updateConnector(key: $key, definition: $definition) { key }\n  }\n": types.WallsRedefineDocument,
    "\n  query WallsSource($key: ID!) { connector(key: $key) { source } }\n": types.WallsSourceDocument,
    "\n  mutation WallsDisconnect($id: ID!) { disconnectConnectedAccount(id: $id) { revocation } }\n": types.WallsDisconnectDocument,
    "\n  mutation WallsVerify($input: VerifyAuthorizationInput!) { verifyAuthorization(input: $input) { status } }\n": types.WallsVerifyDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RevokeLink($id: ID!) {\n    revokeAuthorizationLink(id: $id) { id status url }\n  }\n"): typeof import('./graphql.js').RevokeLinkDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation Touch($connection: ID!) {\n    updateConnection(connection: $connection, input: { scopes: [\"openid\", \"email\"] }) { id }\n  }\n"): typeof import('./graphql.js').TouchDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n          query Uri($connection: ID!, $identifier: String!) {\n            connectedAccount(connection: $connection, identifier: $identifier) {\n              connection { redirectUri }\n            }\n          }\n        "): typeof import('./graphql.js').UriDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query BlastConnection($connection: ID!) { connection(connection: $connection) { status problem } }\n"): typeof import('./graphql.js').BlastConnectionDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation BlastChangeClient($connection: ID!, $input: UpdateConnectionInput!) {\n    updateConnection(connection: $connection, input: $input) { status }\n  }\n"): typeof import('./graphql.js').BlastChangeClientDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation BlastStart($input: StartAuthorizationInput!) { startAuthorization(input: $input) { url } }\n"): typeof import('./graphql.js').BlastStartDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query BlastRejected($connection: ID!, $identifier: String!, $rejected: String) {\n    connectedAccount(connection: $connection, identifier: $identifier) {\n      token(rejected: $rejected) {\n        __typename\n        ... on OAuthToken { accessToken }\n        ... on AuthorizationRequired { reason }\n        ... on ProviderUnavailable { reason retryAfter }\n      }\n    }\n  }\n"): typeof import('./graphql.js').BlastRejectedDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StatusOfConnection($connection: ID!) {\n    connection(connection: $connection) { status redirectUri }\n  }\n"): typeof import('./graphql.js').StatusOfConnectionDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RevokeInBrowser($id: ID!) {\n    revokeAuthorizationLink(id: $id) { status }\n  }\n"): typeof import('./graphql.js').RevokeInBrowserDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RevokeKey($id: ID!) {\n    revokeApiKey(id: $id) { id revokedAt }\n  }\n"): typeof import('./graphql.js').RevokeKeyDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ListKeys {\n    apiKeys { id name prefix lastUsedAt permissions }\n  }\n"): typeof import('./graphql.js').ListKeysDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ListConnections {\n    connections {\n      totalCount\n      items { name accountCount }\n    }\n  }\n"): typeof import('./graphql.js').ListConnectionsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ListAccounts {\n    connectedAccounts {\n      totalCount\n      items { identifier }\n    }\n  }\n"): typeof import('./graphql.js').ListAccountsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n        mutation Rename {\n          updateConnection(connection: \"old-name\", input: { name: \"new-name\" }) { id }\n        }\n      "): typeof import('./graphql.js').RenameDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DemandVerificationOfChoice($connection: ID!) {\n    updateConnection(connection: $connection, input: {userVerification: APPLICATION}) { userVerification }\n  }\n"): typeof import('./graphql.js').DemandVerificationOfChoiceDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DisconnectChosen($id: ID!) {\n    disconnectConnectedAccount(id: $id) { revocation }\n  }\n"): typeof import('./graphql.js').DisconnectChosenDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateChoosing($definition: JSONObject!) {\n    createConnector(definition: $definition) { key }\n  }\n"): typeof import('./graphql.js').CreateChoosingDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ClientToken($connection: ID!, $identifier: String!, $purpose: String, $scopes: [String!]) {\n    token(connection: $connection, identifier: $identifier, purpose: $purpose, scopes: $scopes) {\n      __typename\n      ... on OAuthToken { accessToken }\n      ... on AuthorizationRequired { accountStatus reason }\n      ... on InsufficientScope { missingScopes }\n      ... on ConnectionUnavailable { connectionStatus reason }\n    }\n  }\n"): typeof import('./graphql.js').ClientTokenDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpdateConnection($connection: ID!, $input: UpdateConnectionInput!) {\n    updateConnection(connection: $connection, input: $input) {\n      id\n      name\n      status\n      problem\n      scopes\n      userVerification\n      fields { key value isSet secret }\n    }\n  }\n"): typeof import('./graphql.js').UpdateConnectionDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation Enable($connection: ID!) {\n    enableConnection(connection: $connection) { status problem }\n  }\n"): typeof import('./graphql.js').EnableDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation Disable($connection: ID!) {\n    disableConnection(connection: $connection) { status problem }\n  }\n"): typeof import('./graphql.js').DisableDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation Remove($connection: ID!, $disconnectAccounts: Boolean) {\n    deleteConnection(connection: $connection, disconnectAccounts: $disconnectAccounts)\n  }\n"): typeof import('./graphql.js').RemoveDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query List($filter: ConnectionFilter, $first: Int, $after: String) {\n    connections(filter: $filter, first: $first, after: $after) {\n      items { id name status accountCount }\n      totalCount\n      endCursor\n      hasNextPage\n    }\n  }\n"): typeof import('./graphql.js').ListDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query One($connection: ID!) {\n    connection(connection: $connection) {\n      id\n      name\n      accountsNeedingConsent {\n        totalCount\n        items { identifier missingScopes }\n      }\n      accounts(first: 1) {\n        totalCount\n        items { identifier }\n      }\n    }\n  }\n"): typeof import('./graphql.js').OneDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpdateConnector($key: ID!, $definition: JSONObject!) {\n    updateConnector(key: $key, definition: $definition) { key name source }\n  }\n"): typeof import('./graphql.js').UpdateConnectorDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeleteConnector($key: ID!) {\n    deleteConnector(key: $key)\n  }\n"): typeof import('./graphql.js').DeleteConnectorDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeleteMade($connection: ID!) {\n    deleteConnection(connection: $connection, disconnectAccounts: true)\n  }\n"): typeof import('./graphql.js').DeleteMadeDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ReadConnector($key: ID!) {\n    connector(key: $key) {\n      key\n      name\n      origin\n      iconUrl\n      source\n      authMethods { id type }\n    }\n  }\n"): typeof import('./graphql.js').ReadConnectorDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ReadHelp($key: ID!) {\n    connector(key: $key) {\n      authMethods { help docsUrl consoleUrl }\n    }\n  }\n"): typeof import('./graphql.js').ReadHelpDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ListConnectors($filter: ConnectorFilter) {\n    connectors(filter: $filter, first: 200) {\n      totalCount\n      items { key }\n    }\n  }\n"): typeof import('./graphql.js').ListConnectorsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query PreviewDefinition($definition: JSONObject!) { connectorPreview(definition: $definition) { problems } }\n"): typeof import('./graphql.js').PreviewDefinitionDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ReadViewer {\n    viewer { name permissions connections identifiers }\n  }\n"): typeof import('./graphql.js').ReadViewerDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RevokeKeyOfSession($id: ID!) {\n    revokeApiKey(id: $id) { id }\n  }\n"): typeof import('./graphql.js').RevokeKeyOfSessionDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DisconnectAfterDialog($id: ID!) {\n    disconnectConnectedAccount(id: $id) { revocation }\n  }\n"): typeof import('./graphql.js').DisconnectAfterDialogDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StatusOf($connection: ID!, $identifier: String!) {\n    connectedAccount(connection: $connection, identifier: $identifier) {\n      status\n      statusReason\n      lastRefresh { succeeded providerError }\n    }\n  }\n"): typeof import('./graphql.js').StatusOfDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query OracleConnector($key: ID!) {\n    connector(key: $key) { key }\n  }\n"): typeof import('./graphql.js').OracleConnectorDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query NeighboursList($filter: ConnectedAccountFilter) {\n    connectedAccounts(first: 100, filter: $filter) { totalCount items { id status } }\n  }\n"): typeof import('./graphql.js').NeighboursListDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation MendConnector($key: ID!, $definition: JSONObject!) {\n    updateConnector(key: $key, definition: $definition) { key }\n  }\n"): typeof import('./graphql.js').MendConnectorDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DisconnectModel($id: ID!) {\n    disconnectConnectedAccount(id: $id) { revocation }\n  }\n"): typeof import('./graphql.js').DisconnectModelDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SetVerification($connection: ID!, $mode: UserVerification!) {\n    updateConnection(connection: $connection, input: {userVerification: $mode}) { userVerification }\n  }\n"): typeof import('./graphql.js').SetVerificationDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DisconnectHosted($id: ID!) {\n    disconnectConnectedAccount(id: $id) { revocation }\n  }\n"): typeof import('./graphql.js').DisconnectHostedDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SuspendHosted($id: ID!) {\n    suspendConnectedAccount(id: $id) { status }\n  }\n"): typeof import('./graphql.js').SuspendHostedDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ResumeHosted($id: ID!) {\n    resumeConnectedAccount(id: $id) { status }\n  }\n"): typeof import('./graphql.js').ResumeHostedDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RemoveWithAccounts($connection: ID!) {\n    deleteConnection(connection: $connection, disconnectAccounts: true)\n  }\n"): typeof import('./graphql.js').RemoveWithAccountsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query DeletionState($connection: ID!) {\n    connection(connection: $connection) {\n      status\n      problem\n      accountCount\n      deletion { startedAt accounts accountsLeft }\n    }\n  }\n"): typeof import('./graphql.js').DeletionStateDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation EnableDeleted($connection: ID!) {\n    enableConnection(connection: $connection) { status }\n  }\n"): typeof import('./graphql.js').EnableDeletedDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DisconnectForJobs($id: ID!) {\n    disconnectConnectedAccount(id: $id) { revocation }\n  }\n"): typeof import('./graphql.js').DisconnectForJobsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation BoundsRename($connection: ID!, $name: String!) {\n    updateConnection(connection: $connection, input: { name: $name }) { name }\n  }\n"): typeof import('./graphql.js').BoundsRenameDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation BoundsRemove($connection: ID!) { deleteConnection(connection: $connection, disconnectAccounts: true) }\n"): typeof import('./graphql.js').BoundsRemoveDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation BoundsChange($connection: ID!, $input: UpdateConnectionInput!) {\n    updateConnection(connection: $connection, input: $input) { userVerification }\n  }\n"): typeof import('./graphql.js').BoundsChangeDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation BoundsRotate($id: ID!, $overlap: Int) {\n    rotateApiKey(id: $id, overlap: $overlap) { secret apiKey { id prefix } }\n  }\n"): typeof import('./graphql.js').BoundsRotateDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation BoundsRevoke($id: ID!) { revokeApiKey(id: $id) { revokedAt } }\n"): typeof import('./graphql.js').BoundsRevokeDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query BoundsKeys { apiKeys { id connections addresses expiresAt madeBy revokedAt } }\n"): typeof import('./graphql.js').BoundsKeysDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation BoundsSuspend($id: ID!) { suspendConnectedAccount(id: $id) { id } }\n"): typeof import('./graphql.js').BoundsSuspendDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query BoundsViewer { viewer { name connections } }\n"): typeof import('./graphql.js').BoundsViewerDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query BoundsPrivately($connection: ID!, $identifier: String!) {\n    connectedAccount(connection: $connection, identifier: $identifier) {\n      identifier\n      metadata\n      providerIdentity { email }\n    }\n  }\n"): typeof import('./graphql.js').BoundsPrivatelyDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpdateKeys($id: ID!, $input: UpdateConnectedAccountInput!) {\n    updateConnectedAccount(id: $id, input: $input) { status }\n  }\n"): typeof import('./graphql.js').UpdateKeysDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DisconnectKeys($id: ID!) {\n    disconnectConnectedAccount(id: $id) { revocation }\n  }\n"): typeof import('./graphql.js').DisconnectKeysDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RefreshKeys($id: ID!) {\n    refreshConnectedAccount(id: $id) { status }\n  }\n"): typeof import('./graphql.js').RefreshKeysDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ReadCredential($connection: ID!, $identifier: String!) {\n    connectedAccount(connection: $connection, identifier: $identifier) {\n      id\n      token(minValidity: 3600) {\n        __typename\n        ... on Credential {\n          headers { name value }\n          queryParams { name value }\n          apiBaseUrl\n          expiresAt\n        }\n        ... on OAuthToken { accessToken tokenType scopes }\n        ... on ApiKeyCredential { apiKey }\n        ... on BasicCredential { username password }\n        ... on CustomCredential {\n          values { key value }\n        }\n        ... on AuthorizationRequired { status }\n      }\n    }\n  }\n"): typeof import('./graphql.js').ReadCredentialDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation MatrixSuspend($id: ID!) { suspendConnectedAccount(id: $id) { status } }\n"): typeof import('./graphql.js').MatrixSuspendDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation MatrixRemove($id: ID!) { deleteConnectedAccount(id: $id) { id } }\n"): typeof import('./graphql.js').MatrixRemoveDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation MatrixResume($id: ID!) { resumeConnectedAccount(id: $id) { status } }\n"): typeof import('./graphql.js').MatrixResumeDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation MovedChange($connection: ID!, $input: UpdateConnectionInput!) {\n    updateConnection(connection: $connection, input: $input) {\n      status\n      problem\n      fields { key isSet }\n    }\n  }\n"): typeof import('./graphql.js').MovedChangeDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation MovedAccount($id: ID!, $input: UpdateConnectedAccountInput!) {\n    updateConnectedAccount(id: $id, input: $input) { status fields { key value isSet } }\n  }\n"): typeof import('./graphql.js').MovedAccountDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation MovedRedefine($key: ID!, $definition: JSONObject!) {\n    updateConnector(key: $key, definition: $definition) { key }\n  }\n"): typeof import('./graphql.js').MovedRedefineDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query MovedSource($key: ID!) { connector(key: $key) { source } }\n"): typeof import('./graphql.js').MovedSourceDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation MovedRefresh($id: ID!) { refreshConnectedAccount(id: $id) { status } }\n"): typeof import('./graphql.js').MovedRefreshDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation MovedDisconnect($id: ID!) { disconnectConnectedAccount(id: $id) { revocation } }\n"): typeof import('./graphql.js').MovedDisconnectDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DisconnectOidc($id: ID!) {\n    disconnectConnectedAccount(id: $id) { revocation message }\n  }\n"): typeof import('./graphql.js').DisconnectOidcDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ReadIcon($key: ID!) {\n    connector(key: $key) { iconUrl }\n  }\n"): typeof import('./graphql.js').ReadIconDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ReadRejected($connection: ID!, $identifier: String!, $rejected: String) {\n    connectedAccount(connection: $connection, identifier: $identifier) {\n      token(rejected: $rejected) {\n        __typename\n        ... on OAuthToken { accessToken }\n        ... on AuthorizationRequired { accountStatus reason }\n        ... on ProviderUnavailable { reason retryAfter }\n      }\n    }\n  }\n"): typeof import('./graphql.js').ReadRejectedDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ReadIdOf($connection: ID!) { connectedAccount(connection: $connection, identifier: \"ada\") { id } }\n"): typeof import('./graphql.js').ReadIdOfDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ImportAgain($id: ID!, $input: UpdateConnectedAccountInput!) {\n    updateConnectedAccount(id: $id, input: $input) { id }\n  }\n"): typeof import('./graphql.js').ImportAgainDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ReadKeepAlive($connection: ID!) {\n    connection(connection: $connection) {\n      keepAlive { maxIdleDays due lapsing perDay measuredAt }\n    }\n  }\n"): typeof import('./graphql.js').ReadKeepAliveDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateConnection($input: CreateConnectionInput!) {\n    createConnection(input: $input) {\n      id\n      name\n      status\n      problem\n      redirectUri\n      scopes\n      userVerification\n      connector { key }\n      authMethod { id type }\n      fields { key value isSet secret }\n    }\n  }\n"): typeof import('./graphql.js').CreateConnectionDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation StartAuthorization($input: StartAuthorizationInput!) {\n    startAuthorization(input: $input) {\n      id\n      url\n      status\n      scopes\n      expiresAt\n      account { id status identifier }\n    }\n  }\n"): typeof import('./graphql.js').StartAuthorizationDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ReadToken($connection: ID!, $identifier: String!, $minValidity: Int, $scopes: [String!], $purpose: String) {\n    connectedAccount(connection: $connection, identifier: $identifier) {\n      id\n      status\n      token(minValidity: $minValidity, scopes: $scopes, purpose: $purpose) {\n        __typename\n        ... on OAuthToken {\n          accessToken\n          tokenType\n          scopes\n          expiresAt\n          apiBaseUrl\n          headers { name value }\n          queryParams { name value }\n        }\n        ... on AuthorizationRequired { status reason }\n        ... on InsufficientScope { missingScopes grantedScopes }\n        ... on ConnectionUnavailable { connectionStatus: status reason }\n        ... on ProviderUnavailable { reason retryAfter }\n      }\n    }\n  }\n"): typeof import('./graphql.js').ReadTokenDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ReadAccount($connection: ID!, $identifier: String!) {\n    connectedAccount(connection: $connection, identifier: $identifier) {\n      id\n      identifier\n      status\n      statusReason\n      requestedScopes\n      grantedScopes\n      missingScopes\n      tokenExpiresAt\n      reauthorizationDueAt\n      lastTokenReadAt\n      metadata\n      providerIdentity { subject email name }\n      lastRefresh { at succeeded providerError message }\n      authorizationLinks { id status url }\n      fields { key value isSet }\n      connection { name }\n    }\n  }\n"): typeof import('./graphql.js').ReadAccountDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ImportTokens($input: CreateConnectedAccountInput!) {\n    createConnectedAccount(input: $input) { id status identifier tokenExpiresAt metadata }\n  }\n"): typeof import('./graphql.js').ImportTokensDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateApiKey($input: CreateApiKeyInput!) {\n    createApiKey(input: $input) {\n      secret\n      apiKey { id name prefix permissions connections identifiers expiresAt revokedAt lastUsedAt }\n    }\n  }\n"): typeof import('./graphql.js').CreateApiKeyDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query AuditEvents($filter: AuditEventFilter, $first: Int) {\n    auditEvents(filter: $filter, first: $first) {\n      items { id at action outcome actor connection identifier purpose ipAddress details }\n      endCursor\n      hasNextPage\n    }\n  }\n"): typeof import('./graphql.js').AuditEventsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation Verify($input: VerifyAuthorizationInput!) {\n    verifyAuthorization(input: $input) { id status identifier }\n  }\n"): typeof import('./graphql.js').VerifyDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateConnector($definition: JSONObject!) {\n    createConnector(definition: $definition) {\n      key\n      origin\n      iconUrl\n      status\n      endsOn\n      source\n      authMethods {\n        id\n        type\n        name\n        refreshable\n        verifiable\n        status\n        endsOn\n        connectionFields { key kind required secret helpUrl }\n        accountFields { key kind required secret }\n        scopes { value required default description }\n      }\n    }\n  }\n"): typeof import('./graphql.js').CreateConnectorDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ReadAnyCredential($connection: ID!, $identifier: String!, $minValidity: Int) {\n    connectedAccount(connection: $connection, identifier: $identifier) {\n      id\n      status\n      statusReason\n      grantedScopes\n      missingScopes\n      tokenExpiresAt\n      reauthorizationDueAt\n      providerIdentity { subject name email tenant }\n      token(minValidity: $minValidity) {\n        __typename\n        ... on Credential {\n          headers { name value }\n          queryParams { name value }\n          bodyParams { name value }\n          apiBaseUrl\n          expiresAt\n        }\n        ... on OAuthToken {\n          accessToken\n          tokenType\n          scopes\n          namedTokens { name accessToken }\n        }\n        ... on ApiKeyCredential { apiKey }\n        ... on BasicCredential { username password }\n        ... on CustomCredential {\n          values { key value }\n        }\n        ... on KeyPairCredential { keyId privateKey }\n        ... on AwsCredential { accessKeyId secretAccessKey sessionToken region }\n        ... on AuthorizationRequired { status reason }\n        ... on ConnectionUnavailable { connectionStatus: status reason }\n        ... on ProviderUnavailable { reason retryAfter }\n      }\n    }\n  }\n"): typeof import('./graphql.js').ReadAnyCredentialDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ReadRedirect($connection: ID!) {\n    connection(connection: $connection) { redirectUri }\n  }\n"): typeof import('./graphql.js').ReadRedirectDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ChangeConnection($connection: ID!, $value: String!) {\n    updateConnection(connection: $connection, input: { fields: [{ key: \"host\", value: $value }] }) { status }\n  }\n"): typeof import('./graphql.js').ChangeConnectionDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation Refresh($id: ID!) {\n    refreshConnectedAccount(id: $id) {\n      status\n      statusReason\n      lastRefresh { succeeded providerError message }\n    }\n  }\n"): typeof import('./graphql.js').RefreshDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation Disconnect($id: ID!) {\n    disconnectConnectedAccount(id: $id) { identifier revocation message }\n  }\n"): typeof import('./graphql.js').DisconnectDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeleteAccount($id: ID!) {\n    deleteConnectedAccount(id: $id) { identifier revocation }\n  }\n"): typeof import('./graphql.js').DeleteAccountDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation Suspend($id: ID!) {\n    suspendConnectedAccount(id: $id) { status statusReason }\n  }\n"): typeof import('./graphql.js').SuspendDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation Resume($id: ID!) {\n    resumeConnectedAccount(id: $id) { status statusReason }\n  }\n"): typeof import('./graphql.js').ResumeDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ReadConnection($connection: ID!) {\n    connection(connection: $connection) { status problem }\n  }\n"): typeof import('./graphql.js').ReadConnectionDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation Repair($connection: ID!, $input: UpdateConnectionInput!) {\n    updateConnection(connection: $connection, input: $input) { status problem }\n  }\n"): typeof import('./graphql.js').RepairDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpdateAccount($id: ID!, $input: UpdateConnectedAccountInput!) {\n    updateConnectedAccount(id: $id, input: $input) { metadata status }\n  }\n"): typeof import('./graphql.js').UpdateAccountDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query TellBefore($connection: ID!, $identifier: String!) {\n    connectedAccount(connection: $connection, identifier: $identifier) {\n      status statusReason tokenExpiresAt lastRefresh { succeeded } grantedScopes\n      token {\n        ... on OAuthToken { expiresAt scopes }\n        ... on AuthorizationRequired { status reason }\n      }\n    }\n  }\n"): typeof import('./graphql.js').TellBeforeDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query TellAfter($connection: ID!, $identifier: String!) {\n    connectedAccount(connection: $connection, identifier: $identifier) {\n      token {\n        ... on OAuthToken { expiresAt scopes }\n        ... on AuthorizationRequired { status reason }\n      }\n      status statusReason tokenExpiresAt lastRefresh { succeeded } grantedScopes\n    }\n  }\n"): typeof import('./graphql.js').TellAfterDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n      query Both($id: ID, $connection: ID, $identifier: String) {\n        connectedAccount(id: $id, connection: $connection, identifier: $identifier) { identifier }\n      }\n    "): typeof import('./graphql.js').BothDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation TrustedRotate($id: ID!) { rotateApiKey(id: $id) { secret apiKey { trustedDocumentsOnly } } }\n"): typeof import('./graphql.js').TrustedRotateDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation TrustedMake($input: CreateApiKeyInput!) {\n    createApiKey(input: $input) { secret apiKey { id trustedDocumentsOnly } }\n  }\n"): typeof import('./graphql.js').TrustedMakeDocument;
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
export function graphql(source: "\n  query UpgradeCredential($id: ID!, $purpose: String, $minValidity: Int) {\n    connectedAccount(id: $id) {\n      status\n      token(purpose: $purpose, minValidity: $minValidity) {\n        __typename\n        ... on Credential {\n          headers { name value } queryParams { name value } bodyParams { name value } apiBaseUrl expiresAt\n        }\n        ... on OAuthToken { accessToken tokenType scopes namedTokens { name accessToken expiresAt } }\n        ... on ApiKeyCredential { apiKey }\n        ... on BasicCredential { username password }\n        ... on CustomCredential { values { key value } }\n        ... on KeyPairCredential { keyId privateKey }\n        ... on AwsCredential { accessKeyId secretAccessKey sessionToken region }\n        ... on AuthorizationRequired { status reason }\n        ... on ConnectionUnavailable { connectionStatus: status reason }\n        ... on ProviderUnavailable { reason retryAfter }\n      }\n    }\n  }\n"): typeof import('./graphql.js').UpgradeCredentialDocument;
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
export function graphql(source: "\n  mutation UpgradeDeleteConnection($connection: ID!) {\n    deleteConnection(connection: $connection, disconnectAccounts: true)\n  }\n"): typeof import('./graphql.js').UpgradeDeleteConnectionDocument;
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
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation WallsChange($connection: ID!, $input: UpdateConnectionInput!) {\n    updateConnection(connection: $connection, input: $input) {\n      status\n      problem\n      fields { key isSet }\n    }\n  }\n"): typeof import('./graphql.js').WallsChangeDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation WallsRedefine($key: ID!, $definition: JSONObject!) {\n    updateConnector(key: $key, definition: $definition) { key }\n  }\n"): typeof import('./graphql.js').WallsRedefineDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query WallsSource($key: ID!) { connector(key: $key) { source } }\n"): typeof import('./graphql.js').WallsSourceDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation WallsDisconnect($id: ID!) { disconnectConnectedAccount(id: $id) { revocation } }\n"): typeof import('./graphql.js').WallsDisconnectDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation WallsVerify($input: VerifyAuthorizationInput!) { verifyAuthorization(input: $input) { status } }\n"): typeof import('./graphql.js').WallsVerifyDocument;


export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}
