/** GraphQL documents that several tests send. */
import { graphql } from '../generated/gql.js'

export const createConnection = graphql(`
  mutation CreateConnection($input: CreateConnectionInput!) {
    createConnection(input: $input) {
      id
      name
      status
      problem
      redirectUri
      scopes
      userVerification
      connector { key }
      authMethod { id type }
      fields { key value isSet secret }
    }
  }
`)

export const startAuthorization = graphql(`
  mutation StartAuthorization($input: StartAuthorizationInput!) {
    startAuthorization(input: $input) {
      id
      url
      status
      scopes
      expiresAt
      account { id status identifier }
    }
  }
`)

export const readToken = graphql(`
  query ReadToken($connection: ID!, $identifier: String!, $minValidity: Int, $scopes: [String!], $purpose: String) {
    connectedAccount(connection: $connection, identifier: $identifier) {
      id
      status
      token(minValidity: $minValidity, scopes: $scopes, purpose: $purpose) {
        __typename
        ... on OAuthToken {
          accessToken
          tokenType
          scopes
          expiresAt
          apiBaseUrl
          headers { name value }
          queryParams { name value }
        }
        ... on AuthorizationRequired { status reason }
        ... on InsufficientScope { missingScopes grantedScopes }
        ... on ConnectionUnavailable { connectionStatus: status reason }
        ... on ProviderUnavailable { reason retryAfter }
      }
    }
  }
`)

export const readAccount = graphql(`
  query ReadAccount($connection: ID!, $identifier: String!) {
    connectedAccount(connection: $connection, identifier: $identifier) {
      id
      identifier
      status
      statusReason
      requestedScopes
      grantedScopes
      missingScopes
      tokenExpiresAt
      reauthorizationDueAt
      lastTokenReadAt
      metadata
      providerIdentity { subject email name }
      lastRefresh { at succeeded providerError message }
      authorizationLinks { id status url }
      fields { key value isSet }
      connection { name }
    }
  }
`)

export const importTokens = graphql(`
  mutation ImportTokens($input: CreateConnectedAccountInput!) {
    createConnectedAccount(input: $input) { id status identifier tokenExpiresAt metadata }
  }
`)

export const createApiKey = graphql(`
  mutation CreateApiKey($input: CreateApiKeyInput!) {
    createApiKey(input: $input) {
      secret
      apiKey { id name prefix permissions connections identifiers expiresAt revokedAt lastUsedAt }
    }
  }
`)

export const auditEvents = graphql(`
  query AuditEvents($filter: AuditEventFilter, $first: Int) {
    auditEvents(filter: $filter, first: $first) {
      items { id at action outcome actor connection identifier purpose ipAddress details }
      endCursor
      hasNextPage
    }
  }
`)

export const verifyAuthorization = graphql(`
  mutation Verify($input: VerifyAuthorizationInput!) {
    verifyAuthorization(input: $input) { id status identifier }
  }
`)
