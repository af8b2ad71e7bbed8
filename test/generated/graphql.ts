/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** Which events. */
export type AuditEventFilter = {
  /** The whole action, or a resource and a dot, such as token. */
  action?: string | null | undefined;
  /** Id of an API key or of a link, admin, or valetkey. */
  actor?: string | null | undefined;
  /** Name of the connection. */
  connection?: string | number | null | undefined;
  /** The application's own name for the user. */
  identifier?: string | null | undefined;
  /** From this moment on. */
  since?: string | null | undefined;
  /** Before this moment. */
  until?: string | null | undefined;
};

/** How an act ended. */
export type AuditOutcome =
  /** The caller was not allowed to. */
  | 'DENIED'
  /** It was allowed, and did not come about. */
  | 'FAILED'
  /** It was done. */
  | 'SUCCEEDED';

/** How an auth method authenticates. */
export type AuthType =
  /** A key in a header, a parameter or the body. */
  | 'API_KEY'
  /** An app installed in a workspace; short tokens minted on demand. */
  | 'APP_INSTALLATION'
  /** AWS keys, or a role that is assumed. */
  | 'AWS'
  /** A user name and a password, or what the provider puts in their place. */
  | 'BASIC'
  /** A token that somebody made at the provider, sent as bearer. */
  | 'BEARER_TOKEN'
  /** Several values that only make sense together. */
  | 'CUSTOM'
  /** A private key that signs a token locally. */
  | 'KEY_PAIR'
  /** An MCP server: endpoints discovered, client registered automatically where the server allows. */
  | 'MCP'
  /** Nothing is needed. */
  | 'NONE'
  /** OAuth 1.0a: each request is signed. */
  | 'OAUTH1'
  /** Authorization code with PKCE: the user consents at the provider. */
  | 'OAUTH2'
  /** The client itself gets tokens, with its id and secret. */
  | 'OAUTH2_CLIENT_CREDENTIALS'
  /** A signed assertion exchanged for a token: service accounts, server-to-server apps. */
  | 'OAUTH2_JWT_BEARER'
  /** Credentials exchanged for a session token. */
  | 'TOKEN_EXCHANGE';

/** Whether a link can still be used. */
export type AuthorizationLinkStatus =
  /** Its time is over. */
  | 'EXPIRED'
  /** It can. */
  | 'OPEN'
  /** The application, or the end of its account, has closed it. */
  | 'REVOKED'
  /** Somebody authorized by it. */
  | 'USED';

/** Which accounts. */
export type ConnectedAccountFilter = {
  /** Name or id of the connection. */
  connection?: string | number | null | undefined;
  /** The whole identifier. */
  identifier?: string | null | undefined;
  /** Part of the identifier, in upper or lower case. */
  search?: string | null | undefined;
  /** Any of these. */
  status?: Array<ConnectedAccountStatus> | null | undefined;
};

/** Whether an account has a credential. */
export type ConnectedAccountStatus =
  /** There is a credential. */
  | 'ACTIVE'
  /** Ended; credentials revoked at the provider where possible, and erased here. */
  | 'DISCONNECTED'
  /** The user has not authorized yet. */
  | 'PENDING_AUTHORIZATION'
  /** Authorized at the provider; waiting for verifyAuthorization. */
  | 'PENDING_VERIFICATION'
  /** The grant is gone (revoked, expired, refused); only the user can restore it. */
  | 'REAUTHORIZATION_REQUIRED'
  /** Paused by an administrator; the credentials are still stored. */
  | 'SUSPENDED';

/** Which connections. */
export type ConnectionFilter = {
  /** Key of the connector. */
  connector?: string | number | null | undefined;
  /** Part of the name, in upper or lower case. */
  search?: string | null | undefined;
  /** Any of these. */
  status?: ConnectionStatus | null | undefined;
};

/** Whether a connection can be used. */
export type ConnectionStatus =
  /** It can. */
  | 'ACTIVE'
  /** Switched off by an administrator: no authorization and no token. */
  | 'DISABLED'
  /** Created, but a required field is still missing; its redirect URI can already be registered. */
  | 'DRAFT'
  /** The provider refused the connection's OAuth client; its accounts are not at fault. */
  | 'MISCONFIGURED';

/** Which connectors. */
export type ConnectorFilter = {
  /** How one of its auth methods authenticates. */
  authType?: AuthType | null | undefined;
  /** One of its categories. */
  category?: string | null | undefined;
  /** Where it comes from. */
  origin?: ConnectorOrigin | null | undefined;
  /** Part of the name or the key, in upper or lower case. */
  search?: string | null | undefined;
};

/** Where a connector comes from. */
export type ConnectorOrigin =
  /** It came with the server. */
  | 'BUILT_IN'
  /** It was made with createConnector. */
  | 'CUSTOM';

/** What a new key may do, and on what. */
export type CreateApiKeyInput = {
  /** Client addresses, or ranges of them (CIDR), such as 10.0.0.0/8 or 2001:db8::/32. */
  addresses?: Array<string> | null | undefined;
  /** Names or ids. */
  connections?: Array<string> | null | undefined;
  /** A key that another key makes ends with that one; this is at the latest that one's expiry. */
  expiresAt?: string | null | undefined;
  /** Patterns of the only identifiers that it may use, such as tenant_7:*; none for all. */
  identifiers?: Array<string> | null | undefined;
  /** What people call it. */
  name: string;
  /** What it may do. */
  permissions: Array<Permission>;
  /** Whether it has to say what a token is for; a key that such a key makes has to, too. */
  purposeRequired?: boolean | null | undefined;
  /** Whether it runs registered documents alone (VALETKEY_TRUSTED_DOCUMENTS); a key that such a key makes does, too. */
  trustedDocumentsOnly?: boolean | null | undefined;
};

/** A user of a connection, with credentials or without. */
export type CreateConnectedAccountInput = {
  /** Name or id of the connection. */
  connection: string | number;
  /** Account form values, secrets included, for auth types without a redirect. */
  fields?: Array<FieldValueInput> | null | undefined;
  /** The application's own name for the user. */
  identifier: string;
  /** The application's own notes; replaced as a whole. */
  metadata?: Record<string, unknown> | null | undefined;
  /** Tokens obtained elsewhere, for OAUTH2. */
  oauth2?: OAuth2TokenInput | null | undefined;
};

/** How a connector is set up. */
export type CreateConnectionInput = {
  /** Id of one of the connector's auth methods. */
  authMethod?: string | number | null | undefined;
  /** Key of the connector. */
  connector: string | number;
  /** Values of the connection form. */
  fields?: Array<FieldValueInput> | null | undefined;
  /** Lower-case letters, digits, - and _, up to 64; the default is made from the connector's key. */
  name?: string | null | undefined;
  /** Whether every token query has to say what the token is for. */
  purposeRequired?: boolean | null | undefined;
  /** Scopes to ask users for; the method's defaults where none are given. */
  scopes?: Array<string> | null | undefined;
  /** Which user must have completed an authorization before it takes effect. */
  userVerification?: UserVerification | null | undefined;
};

/** A value for a field of a form. */
export type FieldValueInput = {
  /** Key of the field. */
  key: string | number;
  /** Empty for none. */
  value: string;
};

/** What a field of a form takes. */
export type FormFieldKind =
  /** true or false. */
  | 'BOOLEAN'
  /** Digits alone. */
  | 'DIGITS'
  /** An address of e-mail. */
  | 'EMAIL'
  /** A host, such as git.example.com. */
  | 'HOSTNAME'
  /** A file of JSON, such as the key of a service account. */
  | 'JSON'
  /** A key in PEM. */
  | 'PEM'
  /** One line that is not shown again. */
  | 'SECRET'
  /** One of the options. */
  | 'SELECT'
  /** The first part of a host, such as acme of acme.example.com. */
  | 'SUBDOMAIN'
  /** One line. */
  | 'TEXT'
  /** An address with https. */
  | 'URL'
  /** A UUID. */
  | 'UUID';

/** How long a connector, or one of its auth methods, can be expected to work. */
export type LifeStage =
  /** The provider may still change it, or some of its facts are uncertain. */
  | 'BETA'
  /** The provider is ending it; endsOn has the day where one is announced. */
  | 'LEGACY'
  /** For as long as anybody can tell. */
  | 'STABLE';

/** Tokens that were obtained elsewhere. */
export type OAuth2TokenInput = {
  /** The access token. */
  accessToken: string;
  /** When the access token expires. */
  expiresAt?: string | null | undefined;
  /** The refresh token; without one, access ends with the access token. */
  refreshToken?: string | null | undefined;
  /** Scopes that it has. */
  scopes?: Array<string> | null | undefined;
};

/** What an API key may do. schema/permissions.md says which operations need which. */
export type Permission =
  /** Read and watch connected accounts, without their credentials. */
  | 'ACCOUNTS_READ'
  /** Import, change, suspend, refresh, disconnect and delete connected accounts. */
  | 'ACCOUNTS_WRITE'
  /** Read the audit log. */
  | 'AUDIT_READ'
  /** Make and revoke authorization links, and verify who came back. */
  | 'AUTHORIZATIONS_START'
  /** Read connections, without their secrets. */
  | 'CONNECTIONS_READ'
  /** Make, change, switch and delete connections. */
  | 'CONNECTIONS_WRITE'
  /** Make, change and delete connectors of your own. */
  | 'CONNECTORS_WRITE'
  /** Make, rotate and revoke API keys that do no more than this one. */
  | 'KEYS_WRITE'
  /** Read credentials. */
  | 'TOKENS_READ'
  /** Nothing yet: kept for webhooks. */
  | 'WEBHOOKS_WRITE';

/** What became of tokens at the provider. */
export type Revocation =
  /** The provider refused the revocation, or could not be reached. */
  | 'FAILED'
  /** There were none. */
  | 'NOTHING_TO_REVOKE'
  /** The provider offers no way to revoke; the user can remove the app in the provider's settings. */
  | 'NOT_SUPPORTED'
  /** The provider has ended them. */
  | 'REVOKED';

/** For whom a link is, to what, and where it leads. */
export type StartAuthorizationInput = {
  /** Name or id of the connection. */
  connection: string | number;
  /** Seconds, 300 to 604800; the default is 1800. */
  expiresIn?: number | null | undefined;
  /** Values of account fields, such as a subdomain; the page does not ask the user for them. */
  fields?: Array<FieldValueInput> | null | undefined;
  /** The application's own name for the user. */
  identifier: string;
  /** Where the browser goes afterwards, with status, account and state added; must be on an allowed origin. */
  returnUrl?: string | null | undefined;
  /** Replaces the connection's scopes for this authorization. */
  scopes?: Array<string> | null | undefined;
  /** Returned unchanged on returnUrl and verifyUrl. */
  state?: string | null | undefined;
  /** Id of the tenant, such as a site or an organisation, where a grant may open several: the user is not asked. */
  tenant?: string | null | undefined;
  /** Required where the connection's userVerification is APPLICATION. */
  verifyUrl?: string | null | undefined;
};

/** What is to be changed of an account; what is left out stays. */
export type UpdateConnectedAccountInput = {
  /** Values of the account form; fields that are not listed stay. */
  fields?: Array<FieldValueInput> | null | undefined;
  /** The application's own notes; replaced as a whole. */
  metadata?: Record<string, unknown> | null | undefined;
  /** Tokens obtained elsewhere, in the place of those that it has. */
  oauth2?: OAuth2TokenInput | null | undefined;
};

/** What is to be changed of a connection; what is left out stays. */
export type UpdateConnectionInput = {
  /** Fields that are not listed stay; an empty value clears a field. */
  fields?: Array<FieldValueInput> | null | undefined;
  /** A new name. Code that uses the former one does not find it any more. */
  name?: string | null | undefined;
  /** Whether every token query has to say what the token is for. */
  purposeRequired?: boolean | null | undefined;
  /** Scopes to ask users for from now on; replaced as a whole. */
  scopes?: Array<string> | null | undefined;
  /** Which user must have completed an authorization before it takes effect. */
  userVerification?: UserVerification | null | undefined;
};

/** Which user must have completed an authorization before it takes effect. */
export type UserVerification =
  /** The application must call verifyAuthorization with the user of its own session. */
  | 'APPLICATION'
  /** A hosted page names the intended user and asks for confirmation. The default. */
  | 'CONFIRM'
  /** Whoever holds the link. */
  | 'NONE';

/** Who came back, by the session of the application. */
export type VerifyAuthorizationInput = {
  /** authorization_id from the verifyUrl. */
  authorization: string | number;
  /** The user in the application's own session; must be the one the link was made for. */
  identifier: string;
};

export type RevokeLinkMutationVariables = Exact<{
  id: string | number;
}>;


export type RevokeLinkMutation = { revokeAuthorizationLink: { id: string, status: AuthorizationLinkStatus, url: string | null } };

export type TouchMutationVariables = Exact<{
  connection: string | number;
}>;


export type TouchMutation = { updateConnection: { id: string } };

export type UriQueryVariables = Exact<{
  connection: string | number;
  identifier: string;
}>;


export type UriQuery = { connectedAccount: { connection: { redirectUri: string | null } } | null };

export type BlastConnectionQueryVariables = Exact<{
  connection: string | number;
}>;


export type BlastConnectionQuery = { connection: { status: ConnectionStatus, problem: string | null } | null };

export type BlastChangeClientMutationVariables = Exact<{
  connection: string | number;
  input: UpdateConnectionInput;
}>;


export type BlastChangeClientMutation = { updateConnection: { status: ConnectionStatus } };

export type BlastStartMutationVariables = Exact<{
  input: StartAuthorizationInput;
}>;


export type BlastStartMutation = { startAuthorization: { url: string | null } };

export type BlastRejectedQueryVariables = Exact<{
  connection: string | number;
  identifier: string;
  rejected?: string | null | undefined;
}>;


export type BlastRejectedQuery = { connectedAccount: { token:
      | { __typename: 'ApiKeyCredential' }
      | { __typename: 'AuthorizationRequired', reason: string }
      | { __typename: 'AwsCredential' }
      | { __typename: 'BasicCredential' }
      | { __typename: 'ConnectionUnavailable' }
      | { __typename: 'CustomCredential' }
      | { __typename: 'InsufficientScope' }
      | { __typename: 'KeyPairCredential' }
      | { __typename: 'NoCredential' }
      | { __typename: 'OAuthToken', accessToken: string }
      | { __typename: 'ProviderUnavailable', reason: string, retryAfter: number }
     } | null };

export type StatusOfConnectionQueryVariables = Exact<{
  connection: string | number;
}>;


export type StatusOfConnectionQuery = { connection: { status: ConnectionStatus, redirectUri: string | null } | null };

export type RevokeInBrowserMutationVariables = Exact<{
  id: string | number;
}>;


export type RevokeInBrowserMutation = { revokeAuthorizationLink: { status: AuthorizationLinkStatus } };

export type RevokeKeyMutationVariables = Exact<{
  id: string | number;
}>;


export type RevokeKeyMutation = { revokeApiKey: { id: string, revokedAt: string | null } };

export type ListKeysQueryVariables = Exact<{ [key: string]: never; }>;


export type ListKeysQuery = { apiKeys: Array<{ id: string, name: string, prefix: string, lastUsedAt: string | null, permissions: Array<Permission> }> };

export type ListConnectionsQueryVariables = Exact<{ [key: string]: never; }>;


export type ListConnectionsQuery = { connections: { totalCount: number, items: Array<{ name: string, accountCount: number }> } };

export type ListAccountsQueryVariables = Exact<{ [key: string]: never; }>;


export type ListAccountsQuery = { connectedAccounts: { totalCount: number, items: Array<{ identifier: string }> } };

export type RenameMutationVariables = Exact<{ [key: string]: never; }>;


export type RenameMutation = { updateConnection: { id: string } };

export type DemandVerificationOfChoiceMutationVariables = Exact<{
  connection: string | number;
}>;


export type DemandVerificationOfChoiceMutation = { updateConnection: { userVerification: UserVerification } };

export type DisconnectChosenMutationVariables = Exact<{
  id: string | number;
}>;


export type DisconnectChosenMutation = { disconnectConnectedAccount: { revocation: Revocation } };

export type CreateChoosingMutationVariables = Exact<{
  definition: Record<string, unknown>;
}>;


export type CreateChoosingMutation = { createConnector: { key: string } };

export type ClientTokenQueryVariables = Exact<{
  connection: string | number;
  identifier: string;
  purpose?: string | null | undefined;
  scopes?: Array<string> | string | null | undefined;
}>;


export type ClientTokenQuery = { token:
    | { __typename: 'ApiKeyCredential' }
    | { __typename: 'AuthorizationRequired', accountStatus: ConnectedAccountStatus, reason: string }
    | { __typename: 'AwsCredential' }
    | { __typename: 'BasicCredential' }
    | { __typename: 'ConnectionUnavailable', connectionStatus: ConnectionStatus, reason: string }
    | { __typename: 'CustomCredential' }
    | { __typename: 'InsufficientScope', missingScopes: Array<string> }
    | { __typename: 'KeyPairCredential' }
    | { __typename: 'NoCredential' }
    | { __typename: 'OAuthToken', accessToken: string }
    | { __typename: 'ProviderUnavailable' }
   };

export type UpdateConnectionMutationVariables = Exact<{
  connection: string | number;
  input: UpdateConnectionInput;
}>;


export type UpdateConnectionMutation = { updateConnection: { id: string, name: string, status: ConnectionStatus, problem: string | null, scopes: Array<string>, userVerification: UserVerification, fields: Array<{ key: string, value: string | null, isSet: boolean, secret: boolean }> } };

export type EnableMutationVariables = Exact<{
  connection: string | number;
}>;


export type EnableMutation = { enableConnection: { status: ConnectionStatus, problem: string | null } };

export type DisableMutationVariables = Exact<{
  connection: string | number;
}>;


export type DisableMutation = { disableConnection: { status: ConnectionStatus, problem: string | null } };

export type RemoveMutationVariables = Exact<{
  connection: string | number;
  disconnectAccounts?: boolean | null | undefined;
}>;


export type RemoveMutation = { deleteConnection: boolean };

export type ListQueryVariables = Exact<{
  filter?: ConnectionFilter | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type ListQuery = { connections: { totalCount: number, endCursor: string | null, hasNextPage: boolean, items: Array<{ id: string, name: string, status: ConnectionStatus, accountCount: number }> } };

export type OneQueryVariables = Exact<{
  connection: string | number;
}>;


export type OneQuery = { connection: { id: string, name: string, accountsNeedingConsent: { totalCount: number, items: Array<{ identifier: string, missingScopes: Array<string> }> }, accounts: { totalCount: number, items: Array<{ identifier: string }> } } | null };

export type UpdateConnectorMutationVariables = Exact<{
  key: string | number;
  definition: Record<string, unknown>;
}>;


export type UpdateConnectorMutation = { updateConnector: { key: string, name: string, source: Record<string, unknown> } };

export type DeleteConnectorMutationVariables = Exact<{
  key: string | number;
}>;


export type DeleteConnectorMutation = { deleteConnector: boolean };

export type DeleteMadeMutationVariables = Exact<{
  connection: string | number;
}>;


export type DeleteMadeMutation = { deleteConnection: boolean };

export type ReadConnectorQueryVariables = Exact<{
  key: string | number;
}>;


export type ReadConnectorQuery = { connector: { key: string, name: string, origin: ConnectorOrigin, iconUrl: string, source: Record<string, unknown>, authMethods: Array<{ id: string, type: AuthType }> } | null };

export type ReadHelpQueryVariables = Exact<{
  key: string | number;
}>;


export type ReadHelpQuery = { connector: { authMethods: Array<{ help: string | null, docsUrl: string | null, consoleUrl: string | null }> } | null };

export type ListConnectorsQueryVariables = Exact<{
  filter?: ConnectorFilter | null | undefined;
}>;


export type ListConnectorsQuery = { connectors: { totalCount: number, items: Array<{ key: string }> } };

export type PreviewDefinitionQueryVariables = Exact<{
  definition: Record<string, unknown>;
}>;


export type PreviewDefinitionQuery = { connectorPreview: { problems: Array<string> } };

export type ReadViewerQueryVariables = Exact<{ [key: string]: never; }>;


export type ReadViewerQuery = { viewer: { name: string, permissions: Array<Permission>, connections: Array<string>, identifiers: Array<string> } };

export type RevokeKeyOfSessionMutationVariables = Exact<{
  id: string | number;
}>;


export type RevokeKeyOfSessionMutation = { revokeApiKey: { id: string } };

export type DisconnectAfterDialogMutationVariables = Exact<{
  id: string | number;
}>;


export type DisconnectAfterDialogMutation = { disconnectConnectedAccount: { revocation: Revocation } };

export type StatusOfQueryVariables = Exact<{
  connection: string | number;
  identifier: string;
}>;


export type StatusOfQuery = { connectedAccount: { status: ConnectedAccountStatus, statusReason: string | null, lastRefresh: { succeeded: boolean, providerError: string | null } | null } | null };

export type OracleConnectorQueryVariables = Exact<{
  key: string | number;
}>;


export type OracleConnectorQuery = { connector: { key: string } | null };

export type NeighboursListQueryVariables = Exact<{
  filter?: ConnectedAccountFilter | null | undefined;
}>;


export type NeighboursListQuery = { connectedAccounts: { totalCount: number, items: Array<{ id: string, status: ConnectedAccountStatus }> } };

export type MendConnectorMutationVariables = Exact<{
  key: string | number;
  definition: Record<string, unknown>;
}>;


export type MendConnectorMutation = { updateConnector: { key: string } };

export type DisconnectModelMutationVariables = Exact<{
  id: string | number;
}>;


export type DisconnectModelMutation = { disconnectConnectedAccount: { revocation: Revocation } };

export type SetVerificationMutationVariables = Exact<{
  connection: string | number;
  mode: UserVerification;
}>;


export type SetVerificationMutation = { updateConnection: { userVerification: UserVerification } };

export type DisconnectHostedMutationVariables = Exact<{
  id: string | number;
}>;


export type DisconnectHostedMutation = { disconnectConnectedAccount: { revocation: Revocation } };

export type SuspendHostedMutationVariables = Exact<{
  id: string | number;
}>;


export type SuspendHostedMutation = { suspendConnectedAccount: { status: ConnectedAccountStatus } };

export type ResumeHostedMutationVariables = Exact<{
  id: string | number;
}>;


export type ResumeHostedMutation = { resumeConnectedAccount: { status: ConnectedAccountStatus } };

export type RemoveWithAccountsMutationVariables = Exact<{
  connection: string | number;
}>;


export type RemoveWithAccountsMutation = { deleteConnection: boolean };

export type DeletionStateQueryVariables = Exact<{
  connection: string | number;
}>;


export type DeletionStateQuery = { connection: { status: ConnectionStatus, problem: string | null, accountCount: number, deletion: { startedAt: string, accounts: number, accountsLeft: number } | null } | null };

export type EnableDeletedMutationVariables = Exact<{
  connection: string | number;
}>;


export type EnableDeletedMutation = { enableConnection: { status: ConnectionStatus } };

export type DisconnectForJobsMutationVariables = Exact<{
  id: string | number;
}>;


export type DisconnectForJobsMutation = { disconnectConnectedAccount: { revocation: Revocation } };

export type BoundsRenameMutationVariables = Exact<{
  connection: string | number;
  name: string;
}>;


export type BoundsRenameMutation = { updateConnection: { name: string } };

export type BoundsRemoveMutationVariables = Exact<{
  connection: string | number;
}>;


export type BoundsRemoveMutation = { deleteConnection: boolean };

export type BoundsChangeMutationVariables = Exact<{
  connection: string | number;
  input: UpdateConnectionInput;
}>;


export type BoundsChangeMutation = { updateConnection: { userVerification: UserVerification } };

export type BoundsRotateMutationVariables = Exact<{
  id: string | number;
  overlap?: number | null | undefined;
}>;


export type BoundsRotateMutation = { rotateApiKey: { secret: string, apiKey: { id: string, prefix: string } } };

export type BoundsRevokeMutationVariables = Exact<{
  id: string | number;
}>;


export type BoundsRevokeMutation = { revokeApiKey: { revokedAt: string | null } };

export type BoundsKeysQueryVariables = Exact<{ [key: string]: never; }>;


export type BoundsKeysQuery = { apiKeys: Array<{ id: string, connections: Array<string>, addresses: Array<string>, expiresAt: string | null, madeBy: string | null, revokedAt: string | null }> };

export type BoundsSuspendMutationVariables = Exact<{
  id: string | number;
}>;


export type BoundsSuspendMutation = { suspendConnectedAccount: { id: string } };

export type BoundsViewerQueryVariables = Exact<{ [key: string]: never; }>;


export type BoundsViewerQuery = { viewer: { name: string, connections: Array<string> } };

export type BoundsPrivatelyQueryVariables = Exact<{
  connection: string | number;
  identifier: string;
}>;


export type BoundsPrivatelyQuery = { connectedAccount: { identifier: string, metadata: Record<string, unknown>, providerIdentity: { email: string | null } | null } | null };

export type UpdateKeysMutationVariables = Exact<{
  id: string | number;
  input: UpdateConnectedAccountInput;
}>;


export type UpdateKeysMutation = { updateConnectedAccount: { status: ConnectedAccountStatus } };

export type DisconnectKeysMutationVariables = Exact<{
  id: string | number;
}>;


export type DisconnectKeysMutation = { disconnectConnectedAccount: { revocation: Revocation } };

export type RefreshKeysMutationVariables = Exact<{
  id: string | number;
}>;


export type RefreshKeysMutation = { refreshConnectedAccount: { status: ConnectedAccountStatus } };

export type ReadCredentialQueryVariables = Exact<{
  connection: string | number;
  identifier: string;
}>;


export type ReadCredentialQuery = { connectedAccount: { id: string, token:
      | { __typename: 'ApiKeyCredential', apiBaseUrl: string | null, expiresAt: string | null, apiKey: string, headers: Array<{ name: string, value: string }>, queryParams: Array<{ name: string, value: string }> }
      | { __typename: 'AuthorizationRequired', status: ConnectedAccountStatus }
      | { __typename: 'AwsCredential', apiBaseUrl: string | null, expiresAt: string | null, headers: Array<{ name: string, value: string }>, queryParams: Array<{ name: string, value: string }> }
      | { __typename: 'BasicCredential', apiBaseUrl: string | null, expiresAt: string | null, username: string, password: string, headers: Array<{ name: string, value: string }>, queryParams: Array<{ name: string, value: string }> }
      | { __typename: 'ConnectionUnavailable' }
      | { __typename: 'CustomCredential', apiBaseUrl: string | null, expiresAt: string | null, headers: Array<{ name: string, value: string }>, queryParams: Array<{ name: string, value: string }>, values: Array<{ key: string, value: string }> }
      | { __typename: 'InsufficientScope' }
      | { __typename: 'KeyPairCredential', apiBaseUrl: string | null, expiresAt: string | null, headers: Array<{ name: string, value: string }>, queryParams: Array<{ name: string, value: string }> }
      | { __typename: 'NoCredential', apiBaseUrl: string | null, expiresAt: string | null, headers: Array<{ name: string, value: string }>, queryParams: Array<{ name: string, value: string }> }
      | { __typename: 'OAuthToken', apiBaseUrl: string | null, expiresAt: string | null, accessToken: string, tokenType: string, scopes: Array<string>, headers: Array<{ name: string, value: string }>, queryParams: Array<{ name: string, value: string }> }
      | { __typename: 'ProviderUnavailable' }
     } | null };

export type MatrixSuspendMutationVariables = Exact<{
  id: string | number;
}>;


export type MatrixSuspendMutation = { suspendConnectedAccount: { status: ConnectedAccountStatus } };

export type MatrixRemoveMutationVariables = Exact<{
  id: string | number;
}>;


export type MatrixRemoveMutation = { deleteConnectedAccount: { id: string } };

export type MatrixResumeMutationVariables = Exact<{
  id: string | number;
}>;


export type MatrixResumeMutation = { resumeConnectedAccount: { status: ConnectedAccountStatus } };

export type MovedChangeMutationVariables = Exact<{
  connection: string | number;
  input: UpdateConnectionInput;
}>;


export type MovedChangeMutation = { updateConnection: { status: ConnectionStatus, problem: string | null, fields: Array<{ key: string, isSet: boolean }> } };

export type MovedAccountMutationVariables = Exact<{
  id: string | number;
  input: UpdateConnectedAccountInput;
}>;


export type MovedAccountMutation = { updateConnectedAccount: { status: ConnectedAccountStatus, fields: Array<{ key: string, value: string | null, isSet: boolean }> } };

export type MovedRedefineMutationVariables = Exact<{
  key: string | number;
  definition: Record<string, unknown>;
}>;


export type MovedRedefineMutation = { updateConnector: { key: string } };

export type MovedSourceQueryVariables = Exact<{
  key: string | number;
}>;


export type MovedSourceQuery = { connector: { source: Record<string, unknown> } | null };

export type MovedRefreshMutationVariables = Exact<{
  id: string | number;
}>;


export type MovedRefreshMutation = { refreshConnectedAccount: { status: ConnectedAccountStatus } };

export type MovedDisconnectMutationVariables = Exact<{
  id: string | number;
}>;


export type MovedDisconnectMutation = { disconnectConnectedAccount: { revocation: Revocation } };

export type DisconnectOidcMutationVariables = Exact<{
  id: string | number;
}>;


export type DisconnectOidcMutation = { disconnectConnectedAccount: { revocation: Revocation, message: string | null } };

export type ReadIconQueryVariables = Exact<{
  key: string | number;
}>;


export type ReadIconQuery = { connector: { iconUrl: string } | null };

export type ReadRejectedQueryVariables = Exact<{
  connection: string | number;
  identifier: string;
  rejected?: string | null | undefined;
}>;


export type ReadRejectedQuery = { connectedAccount: { token:
      | { __typename: 'ApiKeyCredential' }
      | { __typename: 'AuthorizationRequired', accountStatus: ConnectedAccountStatus, reason: string }
      | { __typename: 'AwsCredential' }
      | { __typename: 'BasicCredential' }
      | { __typename: 'ConnectionUnavailable' }
      | { __typename: 'CustomCredential' }
      | { __typename: 'InsufficientScope' }
      | { __typename: 'KeyPairCredential' }
      | { __typename: 'NoCredential' }
      | { __typename: 'OAuthToken', accessToken: string }
      | { __typename: 'ProviderUnavailable', reason: string, retryAfter: number }
     } | null };

export type ReadIdOfQueryVariables = Exact<{
  connection: string | number;
}>;


export type ReadIdOfQuery = { connectedAccount: { id: string } | null };

export type ImportAgainMutationVariables = Exact<{
  id: string | number;
  input: UpdateConnectedAccountInput;
}>;


export type ImportAgainMutation = { updateConnectedAccount: { id: string } };

export type ReadKeepAliveQueryVariables = Exact<{
  connection: string | number;
}>;


export type ReadKeepAliveQuery = { connection: { keepAlive: { maxIdleDays: number, due: number, lapsing: number, perDay: number, measuredAt: string } | null } | null };

export type CreateConnectionMutationVariables = Exact<{
  input: CreateConnectionInput;
}>;


export type CreateConnectionMutation = { createConnection: { id: string, name: string, status: ConnectionStatus, problem: string | null, redirectUri: string | null, scopes: Array<string>, userVerification: UserVerification, connector: { key: string }, authMethod: { id: string, type: AuthType }, fields: Array<{ key: string, value: string | null, isSet: boolean, secret: boolean }> } };

export type StartAuthorizationMutationVariables = Exact<{
  input: StartAuthorizationInput;
}>;


export type StartAuthorizationMutation = { startAuthorization: { id: string, url: string | null, status: AuthorizationLinkStatus, scopes: Array<string>, expiresAt: string, account: { id: string, status: ConnectedAccountStatus, identifier: string } } };

export type ReadTokenQueryVariables = Exact<{
  connection: string | number;
  identifier: string;
  minValidity?: number | null | undefined;
  scopes?: Array<string> | string | null | undefined;
  purpose?: string | null | undefined;
}>;


export type ReadTokenQuery = { connectedAccount: { id: string, status: ConnectedAccountStatus, token:
      | { __typename: 'ApiKeyCredential' }
      | { __typename: 'AuthorizationRequired', status: ConnectedAccountStatus, reason: string }
      | { __typename: 'AwsCredential' }
      | { __typename: 'BasicCredential' }
      | { __typename: 'ConnectionUnavailable', reason: string, connectionStatus: ConnectionStatus }
      | { __typename: 'CustomCredential' }
      | { __typename: 'InsufficientScope', missingScopes: Array<string>, grantedScopes: Array<string> }
      | { __typename: 'KeyPairCredential' }
      | { __typename: 'NoCredential' }
      | { __typename: 'OAuthToken', accessToken: string, tokenType: string, scopes: Array<string>, expiresAt: string | null, apiBaseUrl: string | null, headers: Array<{ name: string, value: string }>, queryParams: Array<{ name: string, value: string }> }
      | { __typename: 'ProviderUnavailable', reason: string, retryAfter: number }
     } | null };

export type ReadAccountQueryVariables = Exact<{
  connection: string | number;
  identifier: string;
}>;


export type ReadAccountQuery = { connectedAccount: { id: string, identifier: string, status: ConnectedAccountStatus, statusReason: string | null, requestedScopes: Array<string>, grantedScopes: Array<string>, missingScopes: Array<string>, tokenExpiresAt: string | null, reauthorizationDueAt: string | null, lastTokenReadAt: string | null, metadata: Record<string, unknown>, providerIdentity: { subject: string, email: string | null, name: string | null } | null, lastRefresh: { at: string, succeeded: boolean, providerError: string | null, message: string | null } | null, authorizationLinks: Array<{ id: string, status: AuthorizationLinkStatus, url: string | null }>, fields: Array<{ key: string, value: string | null, isSet: boolean }>, connection: { name: string } } | null };

export type ImportTokensMutationVariables = Exact<{
  input: CreateConnectedAccountInput;
}>;


export type ImportTokensMutation = { createConnectedAccount: { id: string, status: ConnectedAccountStatus, identifier: string, tokenExpiresAt: string | null, metadata: Record<string, unknown> } };

export type CreateApiKeyMutationVariables = Exact<{
  input: CreateApiKeyInput;
}>;


export type CreateApiKeyMutation = { createApiKey: { secret: string, apiKey: { id: string, name: string, prefix: string, permissions: Array<Permission>, connections: Array<string>, identifiers: Array<string>, expiresAt: string | null, revokedAt: string | null, lastUsedAt: string | null } } };

export type AuditEventsQueryVariables = Exact<{
  filter?: AuditEventFilter | null | undefined;
  first?: number | null | undefined;
}>;


export type AuditEventsQuery = { auditEvents: { endCursor: string | null, hasNextPage: boolean, items: Array<{ id: string, at: string, action: string, outcome: AuditOutcome, actor: string, connection: string | null, identifier: string | null, purpose: string | null, ipAddress: string | null, details: Record<string, unknown> }> } };

export type VerifyMutationVariables = Exact<{
  input: VerifyAuthorizationInput;
}>;


export type VerifyMutation = { verifyAuthorization: { id: string, status: ConnectedAccountStatus, identifier: string } };

export type CreateConnectorMutationVariables = Exact<{
  definition: Record<string, unknown>;
}>;


export type CreateConnectorMutation = { createConnector: { key: string, origin: ConnectorOrigin, iconUrl: string, status: LifeStage, endsOn: string | null, source: Record<string, unknown>, authMethods: Array<{ id: string, type: AuthType, name: string, refreshable: boolean, verifiable: boolean, status: LifeStage, endsOn: string | null, connectionFields: Array<{ key: string, kind: FormFieldKind, required: boolean, secret: boolean, helpUrl: string | null }>, accountFields: Array<{ key: string, kind: FormFieldKind, required: boolean, secret: boolean }>, scopes: Array<{ value: string, required: boolean, default: boolean, description: string | null }> }> } };

export type ReadAnyCredentialQueryVariables = Exact<{
  connection: string | number;
  identifier: string;
  minValidity?: number | null | undefined;
}>;


export type ReadAnyCredentialQuery = { connectedAccount: { id: string, status: ConnectedAccountStatus, statusReason: string | null, grantedScopes: Array<string>, missingScopes: Array<string>, tokenExpiresAt: string | null, reauthorizationDueAt: string | null, providerIdentity: { subject: string, name: string | null, email: string | null, tenant: string | null } | null, token:
      | { __typename: 'ApiKeyCredential', apiBaseUrl: string | null, expiresAt: string | null, apiKey: string, headers: Array<{ name: string, value: string }>, queryParams: Array<{ name: string, value: string }>, bodyParams: Array<{ name: string, value: string }> }
      | { __typename: 'AuthorizationRequired', status: ConnectedAccountStatus, reason: string }
      | { __typename: 'AwsCredential', apiBaseUrl: string | null, expiresAt: string | null, accessKeyId: string, secretAccessKey: string, sessionToken: string | null, region: string | null, headers: Array<{ name: string, value: string }>, queryParams: Array<{ name: string, value: string }>, bodyParams: Array<{ name: string, value: string }> }
      | { __typename: 'BasicCredential', apiBaseUrl: string | null, expiresAt: string | null, username: string, password: string, headers: Array<{ name: string, value: string }>, queryParams: Array<{ name: string, value: string }>, bodyParams: Array<{ name: string, value: string }> }
      | { __typename: 'ConnectionUnavailable', reason: string, connectionStatus: ConnectionStatus }
      | { __typename: 'CustomCredential', apiBaseUrl: string | null, expiresAt: string | null, headers: Array<{ name: string, value: string }>, queryParams: Array<{ name: string, value: string }>, bodyParams: Array<{ name: string, value: string }>, values: Array<{ key: string, value: string }> }
      | { __typename: 'InsufficientScope' }
      | { __typename: 'KeyPairCredential', apiBaseUrl: string | null, expiresAt: string | null, keyId: string | null, privateKey: string, headers: Array<{ name: string, value: string }>, queryParams: Array<{ name: string, value: string }>, bodyParams: Array<{ name: string, value: string }> }
      | { __typename: 'NoCredential', apiBaseUrl: string | null, expiresAt: string | null, headers: Array<{ name: string, value: string }>, queryParams: Array<{ name: string, value: string }>, bodyParams: Array<{ name: string, value: string }> }
      | { __typename: 'OAuthToken', apiBaseUrl: string | null, expiresAt: string | null, accessToken: string, tokenType: string, scopes: Array<string>, headers: Array<{ name: string, value: string }>, queryParams: Array<{ name: string, value: string }>, bodyParams: Array<{ name: string, value: string }>, namedTokens: Array<{ name: string, accessToken: string }> }
      | { __typename: 'ProviderUnavailable', reason: string, retryAfter: number }
     } | null };

export type ReadRedirectQueryVariables = Exact<{
  connection: string | number;
}>;


export type ReadRedirectQuery = { connection: { redirectUri: string | null } | null };

export type ChangeConnectionMutationVariables = Exact<{
  connection: string | number;
  value: string;
}>;


export type ChangeConnectionMutation = { updateConnection: { status: ConnectionStatus } };

export type RefreshMutationVariables = Exact<{
  id: string | number;
}>;


export type RefreshMutation = { refreshConnectedAccount: { status: ConnectedAccountStatus, statusReason: string | null, lastRefresh: { succeeded: boolean, providerError: string | null, message: string | null } | null } };

export type DisconnectMutationVariables = Exact<{
  id: string | number;
}>;


export type DisconnectMutation = { disconnectConnectedAccount: { identifier: string, revocation: Revocation, message: string | null } };

export type DeleteAccountMutationVariables = Exact<{
  id: string | number;
}>;


export type DeleteAccountMutation = { deleteConnectedAccount: { identifier: string, revocation: Revocation } };

export type SuspendMutationVariables = Exact<{
  id: string | number;
}>;


export type SuspendMutation = { suspendConnectedAccount: { status: ConnectedAccountStatus, statusReason: string | null } };

export type ResumeMutationVariables = Exact<{
  id: string | number;
}>;


export type ResumeMutation = { resumeConnectedAccount: { status: ConnectedAccountStatus, statusReason: string | null } };

export type ReadConnectionQueryVariables = Exact<{
  connection: string | number;
}>;


export type ReadConnectionQuery = { connection: { status: ConnectionStatus, problem: string | null } | null };

export type RepairMutationVariables = Exact<{
  connection: string | number;
  input: UpdateConnectionInput;
}>;


export type RepairMutation = { updateConnection: { status: ConnectionStatus, problem: string | null } };

export type UpdateAccountMutationVariables = Exact<{
  id: string | number;
  input: UpdateConnectedAccountInput;
}>;


export type UpdateAccountMutation = { updateConnectedAccount: { metadata: Record<string, unknown>, status: ConnectedAccountStatus } };

export type TellBeforeQueryVariables = Exact<{
  connection: string | number;
  identifier: string;
}>;


export type TellBeforeQuery = { connectedAccount: { status: ConnectedAccountStatus, statusReason: string | null, tokenExpiresAt: string | null, grantedScopes: Array<string>, lastRefresh: { succeeded: boolean } | null, token:
      | { status: ConnectedAccountStatus, reason: string }
      | { expiresAt: string | null, scopes: Array<string> }
      | Record<PropertyKey, never>
     } | null };

export type TellAfterQueryVariables = Exact<{
  connection: string | number;
  identifier: string;
}>;


export type TellAfterQuery = { connectedAccount: { status: ConnectedAccountStatus, statusReason: string | null, tokenExpiresAt: string | null, grantedScopes: Array<string>, token:
      | { status: ConnectedAccountStatus, reason: string }
      | { expiresAt: string | null, scopes: Array<string> }
      | Record<PropertyKey, never>
    , lastRefresh: { succeeded: boolean } | null } | null };

export type BothQueryVariables = Exact<{
  id?: string | number | null | undefined;
  connection?: string | number | null | undefined;
  identifier?: string | null | undefined;
}>;


export type BothQuery = { connectedAccount: { identifier: string } | null };

export type TrustedRotateMutationVariables = Exact<{
  id: string | number;
}>;


export type TrustedRotateMutation = { rotateApiKey: { secret: string, apiKey: { trustedDocumentsOnly: boolean } } };

export type TrustedMakeMutationVariables = Exact<{
  input: CreateApiKeyInput;
}>;


export type TrustedMakeMutation = { createApiKey: { secret: string, apiKey: { id: string, trustedDocumentsOnly: boolean } } };

export type UpgradeConnectionsQueryVariables = Exact<{
  after?: string | null | undefined;
}>;


export type UpgradeConnectionsQuery = { connections: { endCursor: string | null, hasNextPage: boolean, items: Array<{ id: string, name: string, status: ConnectionStatus, problem: string | null, scopes: Array<string>, userVerification: UserVerification, createdAt: string, redirectUri: string | null, connector: { key: string }, authMethod: { id: string, type: AuthType }, fields: Array<{ key: string, value: string | null, isSet: boolean, secret: boolean }> }> } };

export type UpgradeAccountsQueryVariables = Exact<{
  after?: string | null | undefined;
}>;


export type UpgradeAccountsQuery = { connectedAccounts: { endCursor: string | null, hasNextPage: boolean, items: Array<{ id: string, identifier: string, status: ConnectedAccountStatus, statusReason: string | null, statusChangedAt: string, requestedScopes: Array<string>, grantedScopes: Array<string>, metadata: Record<string, unknown>, tokenExpiresAt: string | null, reauthorizationDueAt: string | null, createdAt: string, providerIdentity: { subject: string, email: string | null, name: string | null } | null, lastRefresh: { succeeded: boolean, providerError: string | null, message: string | null } | null, authorizationLinks: Array<{ id: string, status: AuthorizationLinkStatus, scopes: Array<string>, expiresAt: string }>, connection: { name: string }, fields: Array<{ key: string, value: string | null, isSet: boolean, secret: boolean }> }> } };

export type UpgradeFindAccountQueryVariables = Exact<{
  connection: string | number;
  identifier: string;
}>;


export type UpgradeFindAccountQuery = { connectedAccount: { id: string, status: ConnectedAccountStatus, statusReason: string | null } | null };

export type UpgradeCredentialQueryVariables = Exact<{
  id: string | number;
  purpose?: string | null | undefined;
  minValidity?: number | null | undefined;
}>;


export type UpgradeCredentialQuery = { connectedAccount: { status: ConnectedAccountStatus, token:
      | { __typename: 'ApiKeyCredential', apiBaseUrl: string | null, expiresAt: string | null, apiKey: string, headers: Array<{ name: string, value: string }>, queryParams: Array<{ name: string, value: string }>, bodyParams: Array<{ name: string, value: string }> }
      | { __typename: 'AuthorizationRequired', status: ConnectedAccountStatus, reason: string }
      | { __typename: 'AwsCredential', apiBaseUrl: string | null, expiresAt: string | null, accessKeyId: string, secretAccessKey: string, sessionToken: string | null, region: string | null, headers: Array<{ name: string, value: string }>, queryParams: Array<{ name: string, value: string }>, bodyParams: Array<{ name: string, value: string }> }
      | { __typename: 'BasicCredential', apiBaseUrl: string | null, expiresAt: string | null, username: string, password: string, headers: Array<{ name: string, value: string }>, queryParams: Array<{ name: string, value: string }>, bodyParams: Array<{ name: string, value: string }> }
      | { __typename: 'ConnectionUnavailable', reason: string, connectionStatus: ConnectionStatus }
      | { __typename: 'CustomCredential', apiBaseUrl: string | null, expiresAt: string | null, headers: Array<{ name: string, value: string }>, queryParams: Array<{ name: string, value: string }>, bodyParams: Array<{ name: string, value: string }>, values: Array<{ key: string, value: string }> }
      | { __typename: 'InsufficientScope' }
      | { __typename: 'KeyPairCredential', apiBaseUrl: string | null, expiresAt: string | null, keyId: string | null, privateKey: string, headers: Array<{ name: string, value: string }>, queryParams: Array<{ name: string, value: string }>, bodyParams: Array<{ name: string, value: string }> }
      | { __typename: 'NoCredential', apiBaseUrl: string | null, expiresAt: string | null, headers: Array<{ name: string, value: string }>, queryParams: Array<{ name: string, value: string }>, bodyParams: Array<{ name: string, value: string }> }
      | { __typename: 'OAuthToken', apiBaseUrl: string | null, expiresAt: string | null, accessToken: string, tokenType: string, scopes: Array<string>, headers: Array<{ name: string, value: string }>, queryParams: Array<{ name: string, value: string }>, bodyParams: Array<{ name: string, value: string }>, namedTokens: Array<{ name: string, accessToken: string, expiresAt: string | null }> }
      | { __typename: 'ProviderUnavailable', reason: string, retryAfter: number }
     } | null };

export type UpgradeFindCredentialQueryVariables = Exact<{
  connection: string | number;
  identifier: string;
  purpose?: string | null | undefined;
}>;


export type UpgradeFindCredentialQuery = { connectedAccount: { id: string, status: ConnectedAccountStatus, token:
      | { __typename: 'ApiKeyCredential', apiKey: string }
      | { __typename: 'AuthorizationRequired' }
      | { __typename: 'AwsCredential' }
      | { __typename: 'BasicCredential' }
      | { __typename: 'ConnectionUnavailable' }
      | { __typename: 'CustomCredential' }
      | { __typename: 'InsufficientScope' }
      | { __typename: 'KeyPairCredential' }
      | { __typename: 'NoCredential' }
      | { __typename: 'OAuthToken', accessToken: string }
      | { __typename: 'ProviderUnavailable' }
     } | null };

export type UpgradeAuditQueryVariables = Exact<{
  after?: string | null | undefined;
  filter?: AuditEventFilter | null | undefined;
}>;


export type UpgradeAuditQuery = { auditEvents: { endCursor: string | null, hasNextPage: boolean, items: Array<{ id: string, at: string, action: string, outcome: AuditOutcome, actor: string, connection: string | null, identifier: string | null, purpose: string | null, ipAddress: string | null, details: Record<string, unknown> }> } };

export type UpgradeViewerQueryVariables = Exact<{ [key: string]: never; }>;


export type UpgradeViewerQuery = { viewer: { name: string, permissions: Array<Permission>, connections: Array<string>, identifiers: Array<string> } };

export type UpgradeApiKeysQueryVariables = Exact<{ [key: string]: never; }>;


export type UpgradeApiKeysQuery = { apiKeys: Array<{ id: string, name: string, prefix: string, permissions: Array<Permission>, connections: Array<string>, identifiers: Array<string>, createdAt: string, expiresAt: string | null, revokedAt: string | null }> };

export type UpgradeConnectorQueryVariables = Exact<{
  key: string | number;
}>;


export type UpgradeConnectorQuery = { connector: { key: string, origin: ConnectorOrigin, source: Record<string, unknown> } | null };

export type UpgradeRedirectUriQueryVariables = Exact<{
  connection: string | number;
}>;


export type UpgradeRedirectUriQuery = { connection: { redirectUri: string | null } | null };

export type UpgradeCreateConnectorMutationVariables = Exact<{
  definition: Record<string, unknown>;
}>;


export type UpgradeCreateConnectorMutation = { createConnector: { key: string } };

export type UpgradeUpdateConnectorMutationVariables = Exact<{
  key: string | number;
  definition: Record<string, unknown>;
}>;


export type UpgradeUpdateConnectorMutation = { updateConnector: { key: string, source: Record<string, unknown> } };

export type UpgradeDeleteConnectorMutationVariables = Exact<{
  key: string | number;
}>;


export type UpgradeDeleteConnectorMutation = { deleteConnector: boolean };

export type UpgradeCreateConnectionMutationVariables = Exact<{
  input: CreateConnectionInput;
}>;


export type UpgradeCreateConnectionMutation = { createConnection: { id: string, name: string, status: ConnectionStatus, problem: string | null, redirectUri: string | null } };

export type UpgradeUpdateConnectionMutationVariables = Exact<{
  connection: string | number;
  input: UpdateConnectionInput;
}>;


export type UpgradeUpdateConnectionMutation = { updateConnection: { id: string, name: string, status: ConnectionStatus } };

export type UpgradeEnableConnectionMutationVariables = Exact<{
  connection: string | number;
}>;


export type UpgradeEnableConnectionMutation = { enableConnection: { status: ConnectionStatus } };

export type UpgradeDisableConnectionMutationVariables = Exact<{
  connection: string | number;
}>;


export type UpgradeDisableConnectionMutation = { disableConnection: { status: ConnectionStatus } };

export type UpgradeDeleteConnectionMutationVariables = Exact<{
  connection: string | number;
}>;


export type UpgradeDeleteConnectionMutation = { deleteConnection: boolean };

export type UpgradeCreateAccountMutationVariables = Exact<{
  input: CreateConnectedAccountInput;
}>;


export type UpgradeCreateAccountMutation = { createConnectedAccount: { id: string, status: ConnectedAccountStatus, identifier: string } };

export type UpgradeUpdateAccountMutationVariables = Exact<{
  id: string | number;
  input: UpdateConnectedAccountInput;
}>;


export type UpgradeUpdateAccountMutation = { updateConnectedAccount: { id: string, status: ConnectedAccountStatus, metadata: Record<string, unknown> } };

export type UpgradeSuspendMutationVariables = Exact<{
  id: string | number;
}>;


export type UpgradeSuspendMutation = { suspendConnectedAccount: { status: ConnectedAccountStatus } };

export type UpgradeResumeMutationVariables = Exact<{
  id: string | number;
}>;


export type UpgradeResumeMutation = { resumeConnectedAccount: { status: ConnectedAccountStatus } };

export type UpgradeRefreshMutationVariables = Exact<{
  id: string | number;
}>;


export type UpgradeRefreshMutation = { refreshConnectedAccount: { status: ConnectedAccountStatus, statusReason: string | null } };

export type UpgradeDisconnectMutationVariables = Exact<{
  id: string | number;
}>;


export type UpgradeDisconnectMutation = { disconnectConnectedAccount: { revocation: Revocation } };

export type UpgradeDeleteMutationVariables = Exact<{
  id: string | number;
}>;


export type UpgradeDeleteMutation = { deleteConnectedAccount: { revocation: Revocation } };

export type UpgradeStartAuthorizationMutationVariables = Exact<{
  input: StartAuthorizationInput;
}>;


export type UpgradeStartAuthorizationMutation = { startAuthorization: { id: string, url: string | null, status: AuthorizationLinkStatus, account: { id: string, status: ConnectedAccountStatus } } };

export type UpgradeRevokeLinkMutationVariables = Exact<{
  id: string | number;
}>;


export type UpgradeRevokeLinkMutation = { revokeAuthorizationLink: { status: AuthorizationLinkStatus } };

export type UpgradeVerifyMutationVariables = Exact<{
  input: VerifyAuthorizationInput;
}>;


export type UpgradeVerifyMutation = { verifyAuthorization: { id: string, status: ConnectedAccountStatus } };

export type UpgradeCreateApiKeyMutationVariables = Exact<{
  input: CreateApiKeyInput;
}>;


export type UpgradeCreateApiKeyMutation = { createApiKey: { secret: string, apiKey: { id: string } } };

export type UpgradeRevokeApiKeyMutationVariables = Exact<{
  id: string | number;
}>;


export type UpgradeRevokeApiKeyMutation = { revokeApiKey: { revokedAt: string | null } };

export type UpgradeWatchSubscriptionVariables = Exact<{
  connection: string | number;
  identifier: string;
}>;


export type UpgradeWatchSubscription = { connectedAccountChanged: { status: ConnectedAccountStatus } };

export type WallsChangeMutationVariables = Exact<{
  connection: string | number;
  input: UpdateConnectionInput;
}>;


export type WallsChangeMutation = { updateConnection: { status: ConnectionStatus, problem: string | null, fields: Array<{ key: string, isSet: boolean }> } };

export type WallsRedefineMutationVariables = Exact<{
  key: string | number;
  definition: Record<string, unknown>;
}>;


export type WallsRedefineMutation = { updateConnector: { key: string } };

export type WallsSourceQueryVariables = Exact<{
  key: string | number;
}>;


export type WallsSourceQuery = { connector: { source: Record<string, unknown> } | null };

export type WallsDisconnectMutationVariables = Exact<{
  id: string | number;
}>;


export type WallsDisconnectMutation = { disconnectConnectedAccount: { revocation: Revocation } };

export type WallsVerifyMutationVariables = Exact<{
  input: VerifyAuthorizationInput;
}>;


export type WallsVerifyMutation = { verifyAuthorization: { status: ConnectedAccountStatus } };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}

export const RevokeLinkDocument = new TypedDocumentString(`
    mutation RevokeLink($id: ID!) {
  revokeAuthorizationLink(id: $id) {
    id
    status
    url
  }
}
    `) as unknown as TypedDocumentString<RevokeLinkMutation, RevokeLinkMutationVariables>;
export const TouchDocument = new TypedDocumentString(`
    mutation Touch($connection: ID!) {
  updateConnection(connection: $connection, input: {scopes: ["openid", "email"]}) {
    id
  }
}
    `) as unknown as TypedDocumentString<TouchMutation, TouchMutationVariables>;
export const UriDocument = new TypedDocumentString(`
    query Uri($connection: ID!, $identifier: String!) {
  connectedAccount(connection: $connection, identifier: $identifier) {
    connection {
      redirectUri
    }
  }
}
    `) as unknown as TypedDocumentString<UriQuery, UriQueryVariables>;
export const BlastConnectionDocument = new TypedDocumentString(`
    query BlastConnection($connection: ID!) {
  connection(connection: $connection) {
    status
    problem
  }
}
    `) as unknown as TypedDocumentString<BlastConnectionQuery, BlastConnectionQueryVariables>;
export const BlastChangeClientDocument = new TypedDocumentString(`
    mutation BlastChangeClient($connection: ID!, $input: UpdateConnectionInput!) {
  updateConnection(connection: $connection, input: $input) {
    status
  }
}
    `) as unknown as TypedDocumentString<BlastChangeClientMutation, BlastChangeClientMutationVariables>;
export const BlastStartDocument = new TypedDocumentString(`
    mutation BlastStart($input: StartAuthorizationInput!) {
  startAuthorization(input: $input) {
    url
  }
}
    `) as unknown as TypedDocumentString<BlastStartMutation, BlastStartMutationVariables>;
export const BlastRejectedDocument = new TypedDocumentString(`
    query BlastRejected($connection: ID!, $identifier: String!, $rejected: String) {
  connectedAccount(connection: $connection, identifier: $identifier) {
    token(rejected: $rejected) {
      __typename
      ... on OAuthToken {
        accessToken
      }
      ... on AuthorizationRequired {
        reason
      }
      ... on ProviderUnavailable {
        reason
        retryAfter
      }
    }
  }
}
    `) as unknown as TypedDocumentString<BlastRejectedQuery, BlastRejectedQueryVariables>;
export const StatusOfConnectionDocument = new TypedDocumentString(`
    query StatusOfConnection($connection: ID!) {
  connection(connection: $connection) {
    status
    redirectUri
  }
}
    `) as unknown as TypedDocumentString<StatusOfConnectionQuery, StatusOfConnectionQueryVariables>;
export const RevokeInBrowserDocument = new TypedDocumentString(`
    mutation RevokeInBrowser($id: ID!) {
  revokeAuthorizationLink(id: $id) {
    status
  }
}
    `) as unknown as TypedDocumentString<RevokeInBrowserMutation, RevokeInBrowserMutationVariables>;
export const RevokeKeyDocument = new TypedDocumentString(`
    mutation RevokeKey($id: ID!) {
  revokeApiKey(id: $id) {
    id
    revokedAt
  }
}
    `) as unknown as TypedDocumentString<RevokeKeyMutation, RevokeKeyMutationVariables>;
export const ListKeysDocument = new TypedDocumentString(`
    query ListKeys {
  apiKeys {
    id
    name
    prefix
    lastUsedAt
    permissions
  }
}
    `) as unknown as TypedDocumentString<ListKeysQuery, ListKeysQueryVariables>;
export const ListConnectionsDocument = new TypedDocumentString(`
    query ListConnections {
  connections {
    totalCount
    items {
      name
      accountCount
    }
  }
}
    `) as unknown as TypedDocumentString<ListConnectionsQuery, ListConnectionsQueryVariables>;
export const ListAccountsDocument = new TypedDocumentString(`
    query ListAccounts {
  connectedAccounts {
    totalCount
    items {
      identifier
    }
  }
}
    `) as unknown as TypedDocumentString<ListAccountsQuery, ListAccountsQueryVariables>;
export const RenameDocument = new TypedDocumentString(`
    mutation Rename {
  updateConnection(connection: "old-name", input: {name: "new-name"}) {
    id
  }
}
    `) as unknown as TypedDocumentString<RenameMutation, RenameMutationVariables>;
export const DemandVerificationOfChoiceDocument = new TypedDocumentString(`
    mutation DemandVerificationOfChoice($connection: ID!) {
  updateConnection(
    connection: $connection
    input: {userVerification: APPLICATION}
  ) {
    userVerification
  }
}
    `) as unknown as TypedDocumentString<DemandVerificationOfChoiceMutation, DemandVerificationOfChoiceMutationVariables>;
export const DisconnectChosenDocument = new TypedDocumentString(`
    mutation DisconnectChosen($id: ID!) {
  disconnectConnectedAccount(id: $id) {
    revocation
  }
}
    `) as unknown as TypedDocumentString<DisconnectChosenMutation, DisconnectChosenMutationVariables>;
export const CreateChoosingDocument = new TypedDocumentString(`
    mutation CreateChoosing($definition: JSONObject!) {
  createConnector(definition: $definition) {
    key
  }
}
    `) as unknown as TypedDocumentString<CreateChoosingMutation, CreateChoosingMutationVariables>;
export const ClientTokenDocument = new TypedDocumentString(`
    query ClientToken($connection: ID!, $identifier: String!, $purpose: String, $scopes: [String!]) {
  token(
    connection: $connection
    identifier: $identifier
    purpose: $purpose
    scopes: $scopes
  ) {
    __typename
    ... on OAuthToken {
      accessToken
    }
    ... on AuthorizationRequired {
      accountStatus
      reason
    }
    ... on InsufficientScope {
      missingScopes
    }
    ... on ConnectionUnavailable {
      connectionStatus
      reason
    }
  }
}
    `) as unknown as TypedDocumentString<ClientTokenQuery, ClientTokenQueryVariables>;
export const UpdateConnectionDocument = new TypedDocumentString(`
    mutation UpdateConnection($connection: ID!, $input: UpdateConnectionInput!) {
  updateConnection(connection: $connection, input: $input) {
    id
    name
    status
    problem
    scopes
    userVerification
    fields {
      key
      value
      isSet
      secret
    }
  }
}
    `) as unknown as TypedDocumentString<UpdateConnectionMutation, UpdateConnectionMutationVariables>;
export const EnableDocument = new TypedDocumentString(`
    mutation Enable($connection: ID!) {
  enableConnection(connection: $connection) {
    status
    problem
  }
}
    `) as unknown as TypedDocumentString<EnableMutation, EnableMutationVariables>;
export const DisableDocument = new TypedDocumentString(`
    mutation Disable($connection: ID!) {
  disableConnection(connection: $connection) {
    status
    problem
  }
}
    `) as unknown as TypedDocumentString<DisableMutation, DisableMutationVariables>;
export const RemoveDocument = new TypedDocumentString(`
    mutation Remove($connection: ID!, $disconnectAccounts: Boolean) {
  deleteConnection(
    connection: $connection
    disconnectAccounts: $disconnectAccounts
  )
}
    `) as unknown as TypedDocumentString<RemoveMutation, RemoveMutationVariables>;
export const ListDocument = new TypedDocumentString(`
    query List($filter: ConnectionFilter, $first: Int, $after: String) {
  connections(filter: $filter, first: $first, after: $after) {
    items {
      id
      name
      status
      accountCount
    }
    totalCount
    endCursor
    hasNextPage
  }
}
    `) as unknown as TypedDocumentString<ListQuery, ListQueryVariables>;
export const OneDocument = new TypedDocumentString(`
    query One($connection: ID!) {
  connection(connection: $connection) {
    id
    name
    accountsNeedingConsent {
      totalCount
      items {
        identifier
        missingScopes
      }
    }
    accounts(first: 1) {
      totalCount
      items {
        identifier
      }
    }
  }
}
    `) as unknown as TypedDocumentString<OneQuery, OneQueryVariables>;
export const UpdateConnectorDocument = new TypedDocumentString(`
    mutation UpdateConnector($key: ID!, $definition: JSONObject!) {
  updateConnector(key: $key, definition: $definition) {
    key
    name
    source
  }
}
    `) as unknown as TypedDocumentString<UpdateConnectorMutation, UpdateConnectorMutationVariables>;
export const DeleteConnectorDocument = new TypedDocumentString(`
    mutation DeleteConnector($key: ID!) {
  deleteConnector(key: $key)
}
    `) as unknown as TypedDocumentString<DeleteConnectorMutation, DeleteConnectorMutationVariables>;
export const DeleteMadeDocument = new TypedDocumentString(`
    mutation DeleteMade($connection: ID!) {
  deleteConnection(connection: $connection, disconnectAccounts: true)
}
    `) as unknown as TypedDocumentString<DeleteMadeMutation, DeleteMadeMutationVariables>;
export const ReadConnectorDocument = new TypedDocumentString(`
    query ReadConnector($key: ID!) {
  connector(key: $key) {
    key
    name
    origin
    iconUrl
    source
    authMethods {
      id
      type
    }
  }
}
    `) as unknown as TypedDocumentString<ReadConnectorQuery, ReadConnectorQueryVariables>;
export const ReadHelpDocument = new TypedDocumentString(`
    query ReadHelp($key: ID!) {
  connector(key: $key) {
    authMethods {
      help
      docsUrl
      consoleUrl
    }
  }
}
    `) as unknown as TypedDocumentString<ReadHelpQuery, ReadHelpQueryVariables>;
export const ListConnectorsDocument = new TypedDocumentString(`
    query ListConnectors($filter: ConnectorFilter) {
  connectors(filter: $filter, first: 200) {
    totalCount
    items {
      key
    }
  }
}
    `) as unknown as TypedDocumentString<ListConnectorsQuery, ListConnectorsQueryVariables>;
export const PreviewDefinitionDocument = new TypedDocumentString(`
    query PreviewDefinition($definition: JSONObject!) {
  connectorPreview(definition: $definition) {
    problems
  }
}
    `) as unknown as TypedDocumentString<PreviewDefinitionQuery, PreviewDefinitionQueryVariables>;
export const ReadViewerDocument = new TypedDocumentString(`
    query ReadViewer {
  viewer {
    name
    permissions
    connections
    identifiers
  }
}
    `) as unknown as TypedDocumentString<ReadViewerQuery, ReadViewerQueryVariables>;
export const RevokeKeyOfSessionDocument = new TypedDocumentString(`
    mutation RevokeKeyOfSession($id: ID!) {
  revokeApiKey(id: $id) {
    id
  }
}
    `) as unknown as TypedDocumentString<RevokeKeyOfSessionMutation, RevokeKeyOfSessionMutationVariables>;
export const DisconnectAfterDialogDocument = new TypedDocumentString(`
    mutation DisconnectAfterDialog($id: ID!) {
  disconnectConnectedAccount(id: $id) {
    revocation
  }
}
    `) as unknown as TypedDocumentString<DisconnectAfterDialogMutation, DisconnectAfterDialogMutationVariables>;
export const StatusOfDocument = new TypedDocumentString(`
    query StatusOf($connection: ID!, $identifier: String!) {
  connectedAccount(connection: $connection, identifier: $identifier) {
    status
    statusReason
    lastRefresh {
      succeeded
      providerError
    }
  }
}
    `) as unknown as TypedDocumentString<StatusOfQuery, StatusOfQueryVariables>;
export const OracleConnectorDocument = new TypedDocumentString(`
    query OracleConnector($key: ID!) {
  connector(key: $key) {
    key
  }
}
    `) as unknown as TypedDocumentString<OracleConnectorQuery, OracleConnectorQueryVariables>;
export const NeighboursListDocument = new TypedDocumentString(`
    query NeighboursList($filter: ConnectedAccountFilter) {
  connectedAccounts(first: 100, filter: $filter) {
    totalCount
    items {
      id
      status
    }
  }
}
    `) as unknown as TypedDocumentString<NeighboursListQuery, NeighboursListQueryVariables>;
export const MendConnectorDocument = new TypedDocumentString(`
    mutation MendConnector($key: ID!, $definition: JSONObject!) {
  updateConnector(key: $key, definition: $definition) {
    key
  }
}
    `) as unknown as TypedDocumentString<MendConnectorMutation, MendConnectorMutationVariables>;
export const DisconnectModelDocument = new TypedDocumentString(`
    mutation DisconnectModel($id: ID!) {
  disconnectConnectedAccount(id: $id) {
    revocation
  }
}
    `) as unknown as TypedDocumentString<DisconnectModelMutation, DisconnectModelMutationVariables>;
export const SetVerificationDocument = new TypedDocumentString(`
    mutation SetVerification($connection: ID!, $mode: UserVerification!) {
  updateConnection(connection: $connection, input: {userVerification: $mode}) {
    userVerification
  }
}
    `) as unknown as TypedDocumentString<SetVerificationMutation, SetVerificationMutationVariables>;
export const DisconnectHostedDocument = new TypedDocumentString(`
    mutation DisconnectHosted($id: ID!) {
  disconnectConnectedAccount(id: $id) {
    revocation
  }
}
    `) as unknown as TypedDocumentString<DisconnectHostedMutation, DisconnectHostedMutationVariables>;
export const SuspendHostedDocument = new TypedDocumentString(`
    mutation SuspendHosted($id: ID!) {
  suspendConnectedAccount(id: $id) {
    status
  }
}
    `) as unknown as TypedDocumentString<SuspendHostedMutation, SuspendHostedMutationVariables>;
export const ResumeHostedDocument = new TypedDocumentString(`
    mutation ResumeHosted($id: ID!) {
  resumeConnectedAccount(id: $id) {
    status
  }
}
    `) as unknown as TypedDocumentString<ResumeHostedMutation, ResumeHostedMutationVariables>;
export const RemoveWithAccountsDocument = new TypedDocumentString(`
    mutation RemoveWithAccounts($connection: ID!) {
  deleteConnection(connection: $connection, disconnectAccounts: true)
}
    `) as unknown as TypedDocumentString<RemoveWithAccountsMutation, RemoveWithAccountsMutationVariables>;
export const DeletionStateDocument = new TypedDocumentString(`
    query DeletionState($connection: ID!) {
  connection(connection: $connection) {
    status
    problem
    accountCount
    deletion {
      startedAt
      accounts
      accountsLeft
    }
  }
}
    `) as unknown as TypedDocumentString<DeletionStateQuery, DeletionStateQueryVariables>;
export const EnableDeletedDocument = new TypedDocumentString(`
    mutation EnableDeleted($connection: ID!) {
  enableConnection(connection: $connection) {
    status
  }
}
    `) as unknown as TypedDocumentString<EnableDeletedMutation, EnableDeletedMutationVariables>;
export const DisconnectForJobsDocument = new TypedDocumentString(`
    mutation DisconnectForJobs($id: ID!) {
  disconnectConnectedAccount(id: $id) {
    revocation
  }
}
    `) as unknown as TypedDocumentString<DisconnectForJobsMutation, DisconnectForJobsMutationVariables>;
export const BoundsRenameDocument = new TypedDocumentString(`
    mutation BoundsRename($connection: ID!, $name: String!) {
  updateConnection(connection: $connection, input: {name: $name}) {
    name
  }
}
    `) as unknown as TypedDocumentString<BoundsRenameMutation, BoundsRenameMutationVariables>;
export const BoundsRemoveDocument = new TypedDocumentString(`
    mutation BoundsRemove($connection: ID!) {
  deleteConnection(connection: $connection, disconnectAccounts: true)
}
    `) as unknown as TypedDocumentString<BoundsRemoveMutation, BoundsRemoveMutationVariables>;
export const BoundsChangeDocument = new TypedDocumentString(`
    mutation BoundsChange($connection: ID!, $input: UpdateConnectionInput!) {
  updateConnection(connection: $connection, input: $input) {
    userVerification
  }
}
    `) as unknown as TypedDocumentString<BoundsChangeMutation, BoundsChangeMutationVariables>;
export const BoundsRotateDocument = new TypedDocumentString(`
    mutation BoundsRotate($id: ID!, $overlap: Int) {
  rotateApiKey(id: $id, overlap: $overlap) {
    secret
    apiKey {
      id
      prefix
    }
  }
}
    `) as unknown as TypedDocumentString<BoundsRotateMutation, BoundsRotateMutationVariables>;
export const BoundsRevokeDocument = new TypedDocumentString(`
    mutation BoundsRevoke($id: ID!) {
  revokeApiKey(id: $id) {
    revokedAt
  }
}
    `) as unknown as TypedDocumentString<BoundsRevokeMutation, BoundsRevokeMutationVariables>;
export const BoundsKeysDocument = new TypedDocumentString(`
    query BoundsKeys {
  apiKeys {
    id
    connections
    addresses
    expiresAt
    madeBy
    revokedAt
  }
}
    `) as unknown as TypedDocumentString<BoundsKeysQuery, BoundsKeysQueryVariables>;
export const BoundsSuspendDocument = new TypedDocumentString(`
    mutation BoundsSuspend($id: ID!) {
  suspendConnectedAccount(id: $id) {
    id
  }
}
    `) as unknown as TypedDocumentString<BoundsSuspendMutation, BoundsSuspendMutationVariables>;
export const BoundsViewerDocument = new TypedDocumentString(`
    query BoundsViewer {
  viewer {
    name
    connections
  }
}
    `) as unknown as TypedDocumentString<BoundsViewerQuery, BoundsViewerQueryVariables>;
export const BoundsPrivatelyDocument = new TypedDocumentString(`
    query BoundsPrivately($connection: ID!, $identifier: String!) {
  connectedAccount(connection: $connection, identifier: $identifier) {
    identifier
    metadata
    providerIdentity {
      email
    }
  }
}
    `) as unknown as TypedDocumentString<BoundsPrivatelyQuery, BoundsPrivatelyQueryVariables>;
export const UpdateKeysDocument = new TypedDocumentString(`
    mutation UpdateKeys($id: ID!, $input: UpdateConnectedAccountInput!) {
  updateConnectedAccount(id: $id, input: $input) {
    status
  }
}
    `) as unknown as TypedDocumentString<UpdateKeysMutation, UpdateKeysMutationVariables>;
export const DisconnectKeysDocument = new TypedDocumentString(`
    mutation DisconnectKeys($id: ID!) {
  disconnectConnectedAccount(id: $id) {
    revocation
  }
}
    `) as unknown as TypedDocumentString<DisconnectKeysMutation, DisconnectKeysMutationVariables>;
export const RefreshKeysDocument = new TypedDocumentString(`
    mutation RefreshKeys($id: ID!) {
  refreshConnectedAccount(id: $id) {
    status
  }
}
    `) as unknown as TypedDocumentString<RefreshKeysMutation, RefreshKeysMutationVariables>;
export const ReadCredentialDocument = new TypedDocumentString(`
    query ReadCredential($connection: ID!, $identifier: String!) {
  connectedAccount(connection: $connection, identifier: $identifier) {
    id
    token(minValidity: 3600) {
      __typename
      ... on Credential {
        headers {
          name
          value
        }
        queryParams {
          name
          value
        }
        apiBaseUrl
        expiresAt
      }
      ... on OAuthToken {
        accessToken
        tokenType
        scopes
      }
      ... on ApiKeyCredential {
        apiKey
      }
      ... on BasicCredential {
        username
        password
      }
      ... on CustomCredential {
        values {
          key
          value
        }
      }
      ... on AuthorizationRequired {
        status
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ReadCredentialQuery, ReadCredentialQueryVariables>;
export const MatrixSuspendDocument = new TypedDocumentString(`
    mutation MatrixSuspend($id: ID!) {
  suspendConnectedAccount(id: $id) {
    status
  }
}
    `) as unknown as TypedDocumentString<MatrixSuspendMutation, MatrixSuspendMutationVariables>;
export const MatrixRemoveDocument = new TypedDocumentString(`
    mutation MatrixRemove($id: ID!) {
  deleteConnectedAccount(id: $id) {
    id
  }
}
    `) as unknown as TypedDocumentString<MatrixRemoveMutation, MatrixRemoveMutationVariables>;
export const MatrixResumeDocument = new TypedDocumentString(`
    mutation MatrixResume($id: ID!) {
  resumeConnectedAccount(id: $id) {
    status
  }
}
    `) as unknown as TypedDocumentString<MatrixResumeMutation, MatrixResumeMutationVariables>;
export const MovedChangeDocument = new TypedDocumentString(`
    mutation MovedChange($connection: ID!, $input: UpdateConnectionInput!) {
  updateConnection(connection: $connection, input: $input) {
    status
    problem
    fields {
      key
      isSet
    }
  }
}
    `) as unknown as TypedDocumentString<MovedChangeMutation, MovedChangeMutationVariables>;
export const MovedAccountDocument = new TypedDocumentString(`
    mutation MovedAccount($id: ID!, $input: UpdateConnectedAccountInput!) {
  updateConnectedAccount(id: $id, input: $input) {
    status
    fields {
      key
      value
      isSet
    }
  }
}
    `) as unknown as TypedDocumentString<MovedAccountMutation, MovedAccountMutationVariables>;
export const MovedRedefineDocument = new TypedDocumentString(`
    mutation MovedRedefine($key: ID!, $definition: JSONObject!) {
  updateConnector(key: $key, definition: $definition) {
    key
  }
}
    `) as unknown as TypedDocumentString<MovedRedefineMutation, MovedRedefineMutationVariables>;
export const MovedSourceDocument = new TypedDocumentString(`
    query MovedSource($key: ID!) {
  connector(key: $key) {
    source
  }
}
    `) as unknown as TypedDocumentString<MovedSourceQuery, MovedSourceQueryVariables>;
export const MovedRefreshDocument = new TypedDocumentString(`
    mutation MovedRefresh($id: ID!) {
  refreshConnectedAccount(id: $id) {
    status
  }
}
    `) as unknown as TypedDocumentString<MovedRefreshMutation, MovedRefreshMutationVariables>;
export const MovedDisconnectDocument = new TypedDocumentString(`
    mutation MovedDisconnect($id: ID!) {
  disconnectConnectedAccount(id: $id) {
    revocation
  }
}
    `) as unknown as TypedDocumentString<MovedDisconnectMutation, MovedDisconnectMutationVariables>;
export const DisconnectOidcDocument = new TypedDocumentString(`
    mutation DisconnectOidc($id: ID!) {
  disconnectConnectedAccount(id: $id) {
    revocation
    message
  }
}
    `) as unknown as TypedDocumentString<DisconnectOidcMutation, DisconnectOidcMutationVariables>;
export const ReadIconDocument = new TypedDocumentString(`
    query ReadIcon($key: ID!) {
  connector(key: $key) {
    iconUrl
  }
}
    `) as unknown as TypedDocumentString<ReadIconQuery, ReadIconQueryVariables>;
export const ReadRejectedDocument = new TypedDocumentString(`
    query ReadRejected($connection: ID!, $identifier: String!, $rejected: String) {
  connectedAccount(connection: $connection, identifier: $identifier) {
    token(rejected: $rejected) {
      __typename
      ... on OAuthToken {
        accessToken
      }
      ... on AuthorizationRequired {
        accountStatus
        reason
      }
      ... on ProviderUnavailable {
        reason
        retryAfter
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ReadRejectedQuery, ReadRejectedQueryVariables>;
export const ReadIdOfDocument = new TypedDocumentString(`
    query ReadIdOf($connection: ID!) {
  connectedAccount(connection: $connection, identifier: "ada") {
    id
  }
}
    `) as unknown as TypedDocumentString<ReadIdOfQuery, ReadIdOfQueryVariables>;
export const ImportAgainDocument = new TypedDocumentString(`
    mutation ImportAgain($id: ID!, $input: UpdateConnectedAccountInput!) {
  updateConnectedAccount(id: $id, input: $input) {
    id
  }
}
    `) as unknown as TypedDocumentString<ImportAgainMutation, ImportAgainMutationVariables>;
export const ReadKeepAliveDocument = new TypedDocumentString(`
    query ReadKeepAlive($connection: ID!) {
  connection(connection: $connection) {
    keepAlive {
      maxIdleDays
      due
      lapsing
      perDay
      measuredAt
    }
  }
}
    `) as unknown as TypedDocumentString<ReadKeepAliveQuery, ReadKeepAliveQueryVariables>;
export const CreateConnectionDocument = new TypedDocumentString(`
    mutation CreateConnection($input: CreateConnectionInput!) {
  createConnection(input: $input) {
    id
    name
    status
    problem
    redirectUri
    scopes
    userVerification
    connector {
      key
    }
    authMethod {
      id
      type
    }
    fields {
      key
      value
      isSet
      secret
    }
  }
}
    `) as unknown as TypedDocumentString<CreateConnectionMutation, CreateConnectionMutationVariables>;
export const StartAuthorizationDocument = new TypedDocumentString(`
    mutation StartAuthorization($input: StartAuthorizationInput!) {
  startAuthorization(input: $input) {
    id
    url
    status
    scopes
    expiresAt
    account {
      id
      status
      identifier
    }
  }
}
    `) as unknown as TypedDocumentString<StartAuthorizationMutation, StartAuthorizationMutationVariables>;
export const ReadTokenDocument = new TypedDocumentString(`
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
        headers {
          name
          value
        }
        queryParams {
          name
          value
        }
      }
      ... on AuthorizationRequired {
        status
        reason
      }
      ... on InsufficientScope {
        missingScopes
        grantedScopes
      }
      ... on ConnectionUnavailable {
        connectionStatus: status
        reason
      }
      ... on ProviderUnavailable {
        reason
        retryAfter
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ReadTokenQuery, ReadTokenQueryVariables>;
export const ReadAccountDocument = new TypedDocumentString(`
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
    providerIdentity {
      subject
      email
      name
    }
    lastRefresh {
      at
      succeeded
      providerError
      message
    }
    authorizationLinks {
      id
      status
      url
    }
    fields {
      key
      value
      isSet
    }
    connection {
      name
    }
  }
}
    `) as unknown as TypedDocumentString<ReadAccountQuery, ReadAccountQueryVariables>;
export const ImportTokensDocument = new TypedDocumentString(`
    mutation ImportTokens($input: CreateConnectedAccountInput!) {
  createConnectedAccount(input: $input) {
    id
    status
    identifier
    tokenExpiresAt
    metadata
  }
}
    `) as unknown as TypedDocumentString<ImportTokensMutation, ImportTokensMutationVariables>;
export const CreateApiKeyDocument = new TypedDocumentString(`
    mutation CreateApiKey($input: CreateApiKeyInput!) {
  createApiKey(input: $input) {
    secret
    apiKey {
      id
      name
      prefix
      permissions
      connections
      identifiers
      expiresAt
      revokedAt
      lastUsedAt
    }
  }
}
    `) as unknown as TypedDocumentString<CreateApiKeyMutation, CreateApiKeyMutationVariables>;
export const AuditEventsDocument = new TypedDocumentString(`
    query AuditEvents($filter: AuditEventFilter, $first: Int) {
  auditEvents(filter: $filter, first: $first) {
    items {
      id
      at
      action
      outcome
      actor
      connection
      identifier
      purpose
      ipAddress
      details
    }
    endCursor
    hasNextPage
  }
}
    `) as unknown as TypedDocumentString<AuditEventsQuery, AuditEventsQueryVariables>;
export const VerifyDocument = new TypedDocumentString(`
    mutation Verify($input: VerifyAuthorizationInput!) {
  verifyAuthorization(input: $input) {
    id
    status
    identifier
  }
}
    `) as unknown as TypedDocumentString<VerifyMutation, VerifyMutationVariables>;
export const CreateConnectorDocument = new TypedDocumentString(`
    mutation CreateConnector($definition: JSONObject!) {
  createConnector(definition: $definition) {
    key
    origin
    iconUrl
    status
    endsOn
    source
    authMethods {
      id
      type
      name
      refreshable
      verifiable
      status
      endsOn
      connectionFields {
        key
        kind
        required
        secret
        helpUrl
      }
      accountFields {
        key
        kind
        required
        secret
      }
      scopes {
        value
        required
        default
        description
      }
    }
  }
}
    `) as unknown as TypedDocumentString<CreateConnectorMutation, CreateConnectorMutationVariables>;
export const ReadAnyCredentialDocument = new TypedDocumentString(`
    query ReadAnyCredential($connection: ID!, $identifier: String!, $minValidity: Int) {
  connectedAccount(connection: $connection, identifier: $identifier) {
    id
    status
    statusReason
    grantedScopes
    missingScopes
    tokenExpiresAt
    reauthorizationDueAt
    providerIdentity {
      subject
      name
      email
      tenant
    }
    token(minValidity: $minValidity) {
      __typename
      ... on Credential {
        headers {
          name
          value
        }
        queryParams {
          name
          value
        }
        bodyParams {
          name
          value
        }
        apiBaseUrl
        expiresAt
      }
      ... on OAuthToken {
        accessToken
        tokenType
        scopes
        namedTokens {
          name
          accessToken
        }
      }
      ... on ApiKeyCredential {
        apiKey
      }
      ... on BasicCredential {
        username
        password
      }
      ... on CustomCredential {
        values {
          key
          value
        }
      }
      ... on KeyPairCredential {
        keyId
        privateKey
      }
      ... on AwsCredential {
        accessKeyId
        secretAccessKey
        sessionToken
        region
      }
      ... on AuthorizationRequired {
        status
        reason
      }
      ... on ConnectionUnavailable {
        connectionStatus: status
        reason
      }
      ... on ProviderUnavailable {
        reason
        retryAfter
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ReadAnyCredentialQuery, ReadAnyCredentialQueryVariables>;
export const ReadRedirectDocument = new TypedDocumentString(`
    query ReadRedirect($connection: ID!) {
  connection(connection: $connection) {
    redirectUri
  }
}
    `) as unknown as TypedDocumentString<ReadRedirectQuery, ReadRedirectQueryVariables>;
export const ChangeConnectionDocument = new TypedDocumentString(`
    mutation ChangeConnection($connection: ID!, $value: String!) {
  updateConnection(
    connection: $connection
    input: {fields: [{key: "host", value: $value}]}
  ) {
    status
  }
}
    `) as unknown as TypedDocumentString<ChangeConnectionMutation, ChangeConnectionMutationVariables>;
export const RefreshDocument = new TypedDocumentString(`
    mutation Refresh($id: ID!) {
  refreshConnectedAccount(id: $id) {
    status
    statusReason
    lastRefresh {
      succeeded
      providerError
      message
    }
  }
}
    `) as unknown as TypedDocumentString<RefreshMutation, RefreshMutationVariables>;
export const DisconnectDocument = new TypedDocumentString(`
    mutation Disconnect($id: ID!) {
  disconnectConnectedAccount(id: $id) {
    identifier
    revocation
    message
  }
}
    `) as unknown as TypedDocumentString<DisconnectMutation, DisconnectMutationVariables>;
export const DeleteAccountDocument = new TypedDocumentString(`
    mutation DeleteAccount($id: ID!) {
  deleteConnectedAccount(id: $id) {
    identifier
    revocation
  }
}
    `) as unknown as TypedDocumentString<DeleteAccountMutation, DeleteAccountMutationVariables>;
export const SuspendDocument = new TypedDocumentString(`
    mutation Suspend($id: ID!) {
  suspendConnectedAccount(id: $id) {
    status
    statusReason
  }
}
    `) as unknown as TypedDocumentString<SuspendMutation, SuspendMutationVariables>;
export const ResumeDocument = new TypedDocumentString(`
    mutation Resume($id: ID!) {
  resumeConnectedAccount(id: $id) {
    status
    statusReason
  }
}
    `) as unknown as TypedDocumentString<ResumeMutation, ResumeMutationVariables>;
export const ReadConnectionDocument = new TypedDocumentString(`
    query ReadConnection($connection: ID!) {
  connection(connection: $connection) {
    status
    problem
  }
}
    `) as unknown as TypedDocumentString<ReadConnectionQuery, ReadConnectionQueryVariables>;
export const RepairDocument = new TypedDocumentString(`
    mutation Repair($connection: ID!, $input: UpdateConnectionInput!) {
  updateConnection(connection: $connection, input: $input) {
    status
    problem
  }
}
    `) as unknown as TypedDocumentString<RepairMutation, RepairMutationVariables>;
export const UpdateAccountDocument = new TypedDocumentString(`
    mutation UpdateAccount($id: ID!, $input: UpdateConnectedAccountInput!) {
  updateConnectedAccount(id: $id, input: $input) {
    metadata
    status
  }
}
    `) as unknown as TypedDocumentString<UpdateAccountMutation, UpdateAccountMutationVariables>;
export const TellBeforeDocument = new TypedDocumentString(`
    query TellBefore($connection: ID!, $identifier: String!) {
  connectedAccount(connection: $connection, identifier: $identifier) {
    status
    statusReason
    tokenExpiresAt
    lastRefresh {
      succeeded
    }
    grantedScopes
    token {
      ... on OAuthToken {
        expiresAt
        scopes
      }
      ... on AuthorizationRequired {
        status
        reason
      }
    }
  }
}
    `) as unknown as TypedDocumentString<TellBeforeQuery, TellBeforeQueryVariables>;
export const TellAfterDocument = new TypedDocumentString(`
    query TellAfter($connection: ID!, $identifier: String!) {
  connectedAccount(connection: $connection, identifier: $identifier) {
    token {
      ... on OAuthToken {
        expiresAt
        scopes
      }
      ... on AuthorizationRequired {
        status
        reason
      }
    }
    status
    statusReason
    tokenExpiresAt
    lastRefresh {
      succeeded
    }
    grantedScopes
  }
}
    `) as unknown as TypedDocumentString<TellAfterQuery, TellAfterQueryVariables>;
export const BothDocument = new TypedDocumentString(`
    query Both($id: ID, $connection: ID, $identifier: String) {
  connectedAccount(id: $id, connection: $connection, identifier: $identifier) {
    identifier
  }
}
    `) as unknown as TypedDocumentString<BothQuery, BothQueryVariables>;
export const TrustedRotateDocument = new TypedDocumentString(`
    mutation TrustedRotate($id: ID!) {
  rotateApiKey(id: $id) {
    secret
    apiKey {
      trustedDocumentsOnly
    }
  }
}
    `) as unknown as TypedDocumentString<TrustedRotateMutation, TrustedRotateMutationVariables>;
export const TrustedMakeDocument = new TypedDocumentString(`
    mutation TrustedMake($input: CreateApiKeyInput!) {
  createApiKey(input: $input) {
    secret
    apiKey {
      id
      trustedDocumentsOnly
    }
  }
}
    `) as unknown as TypedDocumentString<TrustedMakeMutation, TrustedMakeMutationVariables>;
export const UpgradeConnectionsDocument = new TypedDocumentString(`
    query UpgradeConnections($after: String) {
  connections(first: 50, after: $after) {
    items {
      id
      name
      status
      problem
      scopes
      userVerification
      createdAt
      redirectUri
      connector {
        key
      }
      authMethod {
        id
        type
      }
      fields {
        key
        value
        isSet
        secret
      }
    }
    endCursor
    hasNextPage
  }
}
    `) as unknown as TypedDocumentString<UpgradeConnectionsQuery, UpgradeConnectionsQueryVariables>;
export const UpgradeAccountsDocument = new TypedDocumentString(`
    query UpgradeAccounts($after: String) {
  connectedAccounts(first: 30, after: $after) {
    items {
      id
      identifier
      status
      statusReason
      statusChangedAt
      requestedScopes
      grantedScopes
      metadata
      tokenExpiresAt
      reauthorizationDueAt
      createdAt
      providerIdentity {
        subject
        email
        name
      }
      lastRefresh {
        succeeded
        providerError
        message
      }
      authorizationLinks {
        id
        status
        scopes
        expiresAt
      }
      connection {
        name
      }
      fields {
        key
        value
        isSet
        secret
      }
    }
    endCursor
    hasNextPage
  }
}
    `) as unknown as TypedDocumentString<UpgradeAccountsQuery, UpgradeAccountsQueryVariables>;
export const UpgradeFindAccountDocument = new TypedDocumentString(`
    query UpgradeFindAccount($connection: ID!, $identifier: String!) {
  connectedAccount(connection: $connection, identifier: $identifier) {
    id
    status
    statusReason
  }
}
    `) as unknown as TypedDocumentString<UpgradeFindAccountQuery, UpgradeFindAccountQueryVariables>;
export const UpgradeCredentialDocument = new TypedDocumentString(`
    query UpgradeCredential($id: ID!, $purpose: String, $minValidity: Int) {
  connectedAccount(id: $id) {
    status
    token(purpose: $purpose, minValidity: $minValidity) {
      __typename
      ... on Credential {
        headers {
          name
          value
        }
        queryParams {
          name
          value
        }
        bodyParams {
          name
          value
        }
        apiBaseUrl
        expiresAt
      }
      ... on OAuthToken {
        accessToken
        tokenType
        scopes
        namedTokens {
          name
          accessToken
          expiresAt
        }
      }
      ... on ApiKeyCredential {
        apiKey
      }
      ... on BasicCredential {
        username
        password
      }
      ... on CustomCredential {
        values {
          key
          value
        }
      }
      ... on KeyPairCredential {
        keyId
        privateKey
      }
      ... on AwsCredential {
        accessKeyId
        secretAccessKey
        sessionToken
        region
      }
      ... on AuthorizationRequired {
        status
        reason
      }
      ... on ConnectionUnavailable {
        connectionStatus: status
        reason
      }
      ... on ProviderUnavailable {
        reason
        retryAfter
      }
    }
  }
}
    `) as unknown as TypedDocumentString<UpgradeCredentialQuery, UpgradeCredentialQueryVariables>;
export const UpgradeFindCredentialDocument = new TypedDocumentString(`
    query UpgradeFindCredential($connection: ID!, $identifier: String!, $purpose: String) {
  connectedAccount(connection: $connection, identifier: $identifier) {
    id
    status
    token(purpose: $purpose) {
      __typename
      ... on OAuthToken {
        accessToken
      }
      ... on ApiKeyCredential {
        apiKey
      }
    }
  }
}
    `) as unknown as TypedDocumentString<UpgradeFindCredentialQuery, UpgradeFindCredentialQueryVariables>;
export const UpgradeAuditDocument = new TypedDocumentString(`
    query UpgradeAudit($after: String, $filter: AuditEventFilter) {
  auditEvents(first: 150, after: $after, filter: $filter) {
    items {
      id
      at
      action
      outcome
      actor
      connection
      identifier
      purpose
      ipAddress
      details
    }
    endCursor
    hasNextPage
  }
}
    `) as unknown as TypedDocumentString<UpgradeAuditQuery, UpgradeAuditQueryVariables>;
export const UpgradeViewerDocument = new TypedDocumentString(`
    query UpgradeViewer {
  viewer {
    name
    permissions
    connections
    identifiers
  }
}
    `) as unknown as TypedDocumentString<UpgradeViewerQuery, UpgradeViewerQueryVariables>;
export const UpgradeApiKeysDocument = new TypedDocumentString(`
    query UpgradeApiKeys {
  apiKeys {
    id
    name
    prefix
    permissions
    connections
    identifiers
    createdAt
    expiresAt
    revokedAt
  }
}
    `) as unknown as TypedDocumentString<UpgradeApiKeysQuery, UpgradeApiKeysQueryVariables>;
export const UpgradeConnectorDocument = new TypedDocumentString(`
    query UpgradeConnector($key: ID!) {
  connector(key: $key) {
    key
    origin
    source
  }
}
    `) as unknown as TypedDocumentString<UpgradeConnectorQuery, UpgradeConnectorQueryVariables>;
export const UpgradeRedirectUriDocument = new TypedDocumentString(`
    query UpgradeRedirectUri($connection: ID!) {
  connection(connection: $connection) {
    redirectUri
  }
}
    `) as unknown as TypedDocumentString<UpgradeRedirectUriQuery, UpgradeRedirectUriQueryVariables>;
export const UpgradeCreateConnectorDocument = new TypedDocumentString(`
    mutation UpgradeCreateConnector($definition: JSONObject!) {
  createConnector(definition: $definition) {
    key
  }
}
    `) as unknown as TypedDocumentString<UpgradeCreateConnectorMutation, UpgradeCreateConnectorMutationVariables>;
export const UpgradeUpdateConnectorDocument = new TypedDocumentString(`
    mutation UpgradeUpdateConnector($key: ID!, $definition: JSONObject!) {
  updateConnector(key: $key, definition: $definition) {
    key
    source
  }
}
    `) as unknown as TypedDocumentString<UpgradeUpdateConnectorMutation, UpgradeUpdateConnectorMutationVariables>;
export const UpgradeDeleteConnectorDocument = new TypedDocumentString(`
    mutation UpgradeDeleteConnector($key: ID!) {
  deleteConnector(key: $key)
}
    `) as unknown as TypedDocumentString<UpgradeDeleteConnectorMutation, UpgradeDeleteConnectorMutationVariables>;
export const UpgradeCreateConnectionDocument = new TypedDocumentString(`
    mutation UpgradeCreateConnection($input: CreateConnectionInput!) {
  createConnection(input: $input) {
    id
    name
    status
    problem
    redirectUri
  }
}
    `) as unknown as TypedDocumentString<UpgradeCreateConnectionMutation, UpgradeCreateConnectionMutationVariables>;
export const UpgradeUpdateConnectionDocument = new TypedDocumentString(`
    mutation UpgradeUpdateConnection($connection: ID!, $input: UpdateConnectionInput!) {
  updateConnection(connection: $connection, input: $input) {
    id
    name
    status
  }
}
    `) as unknown as TypedDocumentString<UpgradeUpdateConnectionMutation, UpgradeUpdateConnectionMutationVariables>;
export const UpgradeEnableConnectionDocument = new TypedDocumentString(`
    mutation UpgradeEnableConnection($connection: ID!) {
  enableConnection(connection: $connection) {
    status
  }
}
    `) as unknown as TypedDocumentString<UpgradeEnableConnectionMutation, UpgradeEnableConnectionMutationVariables>;
export const UpgradeDisableConnectionDocument = new TypedDocumentString(`
    mutation UpgradeDisableConnection($connection: ID!) {
  disableConnection(connection: $connection) {
    status
  }
}
    `) as unknown as TypedDocumentString<UpgradeDisableConnectionMutation, UpgradeDisableConnectionMutationVariables>;
export const UpgradeDeleteConnectionDocument = new TypedDocumentString(`
    mutation UpgradeDeleteConnection($connection: ID!) {
  deleteConnection(connection: $connection, disconnectAccounts: true)
}
    `) as unknown as TypedDocumentString<UpgradeDeleteConnectionMutation, UpgradeDeleteConnectionMutationVariables>;
export const UpgradeCreateAccountDocument = new TypedDocumentString(`
    mutation UpgradeCreateAccount($input: CreateConnectedAccountInput!) {
  createConnectedAccount(input: $input) {
    id
    status
    identifier
  }
}
    `) as unknown as TypedDocumentString<UpgradeCreateAccountMutation, UpgradeCreateAccountMutationVariables>;
export const UpgradeUpdateAccountDocument = new TypedDocumentString(`
    mutation UpgradeUpdateAccount($id: ID!, $input: UpdateConnectedAccountInput!) {
  updateConnectedAccount(id: $id, input: $input) {
    id
    status
    metadata
  }
}
    `) as unknown as TypedDocumentString<UpgradeUpdateAccountMutation, UpgradeUpdateAccountMutationVariables>;
export const UpgradeSuspendDocument = new TypedDocumentString(`
    mutation UpgradeSuspend($id: ID!) {
  suspendConnectedAccount(id: $id) {
    status
  }
}
    `) as unknown as TypedDocumentString<UpgradeSuspendMutation, UpgradeSuspendMutationVariables>;
export const UpgradeResumeDocument = new TypedDocumentString(`
    mutation UpgradeResume($id: ID!) {
  resumeConnectedAccount(id: $id) {
    status
  }
}
    `) as unknown as TypedDocumentString<UpgradeResumeMutation, UpgradeResumeMutationVariables>;
export const UpgradeRefreshDocument = new TypedDocumentString(`
    mutation UpgradeRefresh($id: ID!) {
  refreshConnectedAccount(id: $id) {
    status
    statusReason
  }
}
    `) as unknown as TypedDocumentString<UpgradeRefreshMutation, UpgradeRefreshMutationVariables>;
export const UpgradeDisconnectDocument = new TypedDocumentString(`
    mutation UpgradeDisconnect($id: ID!) {
  disconnectConnectedAccount(id: $id) {
    revocation
  }
}
    `) as unknown as TypedDocumentString<UpgradeDisconnectMutation, UpgradeDisconnectMutationVariables>;
export const UpgradeDeleteDocument = new TypedDocumentString(`
    mutation UpgradeDelete($id: ID!) {
  deleteConnectedAccount(id: $id) {
    revocation
  }
}
    `) as unknown as TypedDocumentString<UpgradeDeleteMutation, UpgradeDeleteMutationVariables>;
export const UpgradeStartAuthorizationDocument = new TypedDocumentString(`
    mutation UpgradeStartAuthorization($input: StartAuthorizationInput!) {
  startAuthorization(input: $input) {
    id
    url
    status
    account {
      id
      status
    }
  }
}
    `) as unknown as TypedDocumentString<UpgradeStartAuthorizationMutation, UpgradeStartAuthorizationMutationVariables>;
export const UpgradeRevokeLinkDocument = new TypedDocumentString(`
    mutation UpgradeRevokeLink($id: ID!) {
  revokeAuthorizationLink(id: $id) {
    status
  }
}
    `) as unknown as TypedDocumentString<UpgradeRevokeLinkMutation, UpgradeRevokeLinkMutationVariables>;
export const UpgradeVerifyDocument = new TypedDocumentString(`
    mutation UpgradeVerify($input: VerifyAuthorizationInput!) {
  verifyAuthorization(input: $input) {
    id
    status
  }
}
    `) as unknown as TypedDocumentString<UpgradeVerifyMutation, UpgradeVerifyMutationVariables>;
export const UpgradeCreateApiKeyDocument = new TypedDocumentString(`
    mutation UpgradeCreateApiKey($input: CreateApiKeyInput!) {
  createApiKey(input: $input) {
    secret
    apiKey {
      id
    }
  }
}
    `) as unknown as TypedDocumentString<UpgradeCreateApiKeyMutation, UpgradeCreateApiKeyMutationVariables>;
export const UpgradeRevokeApiKeyDocument = new TypedDocumentString(`
    mutation UpgradeRevokeApiKey($id: ID!) {
  revokeApiKey(id: $id) {
    revokedAt
  }
}
    `) as unknown as TypedDocumentString<UpgradeRevokeApiKeyMutation, UpgradeRevokeApiKeyMutationVariables>;
export const UpgradeWatchDocument = new TypedDocumentString(`
    subscription UpgradeWatch($connection: ID!, $identifier: String!) {
  connectedAccountChanged(connection: $connection, identifier: $identifier) {
    status
  }
}
    `) as unknown as TypedDocumentString<UpgradeWatchSubscription, UpgradeWatchSubscriptionVariables>;
export const WallsChangeDocument = new TypedDocumentString(`
    mutation WallsChange($connection: ID!, $input: UpdateConnectionInput!) {
  updateConnection(connection: $connection, input: $input) {
    status
    problem
    fields {
      key
      isSet
    }
  }
}
    `) as unknown as TypedDocumentString<WallsChangeMutation, WallsChangeMutationVariables>;
export const WallsRedefineDocument = new TypedDocumentString(`
    mutation WallsRedefine($key: ID!, $definition: JSONObject!) {
  updateConnector(key: $key, definition: $definition) {
    key
  }
}
    `) as unknown as TypedDocumentString<WallsRedefineMutation, WallsRedefineMutationVariables>;
export const WallsSourceDocument = new TypedDocumentString(`
    query WallsSource($key: ID!) {
  connector(key: $key) {
    source
  }
}
    `) as unknown as TypedDocumentString<WallsSourceQuery, WallsSourceQueryVariables>;
export const WallsDisconnectDocument = new TypedDocumentString(`
    mutation WallsDisconnect($id: ID!) {
  disconnectConnectedAccount(id: $id) {
    revocation
  }
}
    `) as unknown as TypedDocumentString<WallsDisconnectMutation, WallsDisconnectMutationVariables>;
export const WallsVerifyDocument = new TypedDocumentString(`
    mutation WallsVerify($input: VerifyAuthorizationInput!) {
  verifyAuthorization(input: $input) {
    status
  }
}
    `) as unknown as TypedDocumentString<WallsVerifyMutation, WallsVerifyMutationVariables>;