/**
 * What is sent to the old build and to the present one alike:
 * nothing here may ask for what the old one does not know.
 */
import { graphql } from '../generated/gql.js'

export const listConnections = graphql(`
  query UpgradeConnections($after: String) {
    connections(first: 50, after: $after) {
      items {
        id name status problem scopes userVerification createdAt redirectUri
        connector { key } authMethod { id type } fields { key value isSet secret }
      }
      endCursor hasNextPage
    }
  }
`)

export const listAccounts = graphql(`
  query UpgradeAccounts($after: String) {
    connectedAccounts(first: 30, after: $after) {
      items {
        id identifier status statusReason statusChangedAt requestedScopes grantedScopes metadata
        tokenExpiresAt reauthorizationDueAt createdAt
        providerIdentity { subject email name } lastRefresh { succeeded providerError message }
        authorizationLinks { id status scopes expiresAt } connection { name } fields { key value isSet secret }
      }
      endCursor hasNextPage
    }
  }
`)

export const findAccount = graphql(`
  query UpgradeFindAccount($connection: ID!, $identifier: String!) {
    connectedAccount(connection: $connection, identifier: $identifier) { id status statusReason }
  }
`)

export const readCredential = graphql(`
  query UpgradeCredential($id: ID!, $purpose: String, $minValidity: Int) {
    connectedAccount(id: $id) {
      status
      token(purpose: $purpose, minValidity: $minValidity) {
        __typename
        ... on Credential {
          headers { name value } queryParams { name value } bodyParams { name value } apiBaseUrl expiresAt
        }
        ... on OAuthToken { accessToken tokenType scopes namedTokens { name accessToken expiresAt } }
        ... on ApiKeyCredential { apiKey }
        ... on BasicCredential { username password }
        ... on CustomCredential { values { key value } }
        ... on KeyPairCredential { keyId privateKey }
        ... on AwsCredential { accessKeyId secretAccessKey sessionToken region }
        ... on AuthorizationRequired { status reason }
        ... on ConnectionUnavailable { connectionStatus: status reason }
        ... on ProviderUnavailable { reason retryAfter }
      }
    }
  }
`)

export const findCredential = graphql(`
  query UpgradeFindCredential($connection: ID!, $identifier: String!, $purpose: String) {
    connectedAccount(connection: $connection, identifier: $identifier) {
      id status
      token(purpose: $purpose) {
        __typename
        ... on OAuthToken { accessToken }
        ... on ApiKeyCredential { apiKey }
      }
    }
  }
`)

export const listAuditEvents = graphql(`
  query UpgradeAudit($after: String, $filter: AuditEventFilter) {
    auditEvents(first: 150, after: $after, filter: $filter) {
      items { id at action outcome actor connection identifier purpose ipAddress details }
      endCursor hasNextPage
    }
  }
`)

export const readViewer = graphql(`query UpgradeViewer { viewer { name permissions connections identifiers } }`)

export const listApiKeys = graphql(`
  query UpgradeApiKeys { apiKeys { id name prefix permissions connections identifiers createdAt expiresAt revokedAt } }
`)

export const readConnector = graphql(`query UpgradeConnector($key: ID!) { connector(key: $key) { key origin source } }`)

export const readRedirectUri = graphql(`
  query UpgradeRedirectUri($connection: ID!) { connection(connection: $connection) { redirectUri } }
`)

export const createConnector = graphql(`
  mutation UpgradeCreateConnector($definition: JSONObject!) { createConnector(definition: $definition) { key } }
`)

export const updateConnector = graphql(`
  mutation UpgradeUpdateConnector($key: ID!, $definition: JSONObject!) {
    updateConnector(key: $key, definition: $definition) { key source }
  }
`)

export const deleteConnector = graphql(`mutation UpgradeDeleteConnector($key: ID!) { deleteConnector(key: $key) }`)

export const createConnection = graphql(`
  mutation UpgradeCreateConnection($input: CreateConnectionInput!) {
    createConnection(input: $input) { id name status problem redirectUri }
  }
`)

export const updateConnection = graphql(`
  mutation UpgradeUpdateConnection($connection: ID!, $input: UpdateConnectionInput!) {
    updateConnection(connection: $connection, input: $input) { id name status }
  }
`)

export const enableConnection = graphql(`
  mutation UpgradeEnableConnection($connection: ID!) { enableConnection(connection: $connection) { status } }
`)

export const disableConnection = graphql(`
  mutation UpgradeDisableConnection($connection: ID!) { disableConnection(connection: $connection) { status } }
`)

export const deleteConnection = graphql(`
  mutation UpgradeDeleteConnection($connection: ID!) {
    deleteConnection(connection: $connection, disconnectAccounts: true)
  }
`)

export const createAccount = graphql(`
  mutation UpgradeCreateAccount($input: CreateConnectedAccountInput!) {
    createConnectedAccount(input: $input) { id status identifier }
  }
`)

export const updateAccount = graphql(`
  mutation UpgradeUpdateAccount($id: ID!, $input: UpdateConnectedAccountInput!) {
    updateConnectedAccount(id: $id, input: $input) { id status metadata }
  }
`)

export const suspendAccount = graphql(`
  mutation UpgradeSuspend($id: ID!) { suspendConnectedAccount(id: $id) { status } }
`)

export const resumeAccount = graphql(`
  mutation UpgradeResume($id: ID!) { resumeConnectedAccount(id: $id) { status } }
`)

export const refreshAccount = graphql(`
  mutation UpgradeRefresh($id: ID!) { refreshConnectedAccount(id: $id) { status statusReason } }
`)

export const disconnectAccount = graphql(`
  mutation UpgradeDisconnect($id: ID!) { disconnectConnectedAccount(id: $id) { revocation } }
`)

export const deleteAccount = graphql(`
  mutation UpgradeDelete($id: ID!) { deleteConnectedAccount(id: $id) { revocation } }
`)

export const startAuthorization = graphql(`
  mutation UpgradeStartAuthorization($input: StartAuthorizationInput!) {
    startAuthorization(input: $input) { id url status account { id status } }
  }
`)

export const revokeLink = graphql(`
  mutation UpgradeRevokeLink($id: ID!) { revokeAuthorizationLink(id: $id) { status } }
`)

export const verifyAuthorization = graphql(`
  mutation UpgradeVerify($input: VerifyAuthorizationInput!) { verifyAuthorization(input: $input) { id status } }
`)

export const createApiKey = graphql(`
  mutation UpgradeCreateApiKey($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret apiKey { id } } }
`)

export const revokeApiKey = graphql(`
  mutation UpgradeRevokeApiKey($id: ID!) { revokeApiKey(id: $id) { revokedAt } }
`)

export const watchAccount = graphql(`
  subscription UpgradeWatch($connection: ID!, $identifier: String!) {
    connectedAccountChanged(connection: $connection, identifier: $identifier) { status }
  }
`)
