/**
 * What the elements of the schema are, for those whose classes do not say it. `*` stands for every type, for what is
 * called and means the same everywhere. A schema with an element that nobody describes is not built, and so neither
 * served nor emitted.
 */
import {
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
} from 'graphql'

const TEXTS: Readonly<Record<string, string>> = {
  '*.id': 'Its id, with a prefix that says what it is of, such as acct_.',
  '*.createdAt': 'When it was created.',
  '*.updatedAt': 'When it was last changed.',
  '*.expiresAt': 'When it ends; null where it does not, or where nobody said.',
  '*.identifier': "The application's own name for the user.",
  '*.items': 'What is on this page.',
  '*.endCursor': 'Give this as after for the next page; null where the page is empty.',
  '*.hasNextPage': 'Whether there is more after this page.',
  '*.totalCount': 'How many there are on all pages; counted only when it is asked for.',
  '*.permissions': 'What it may do.',
  '*.queryParams': "Parameters for the request's address.",
  '*.userVerification': 'Which user must have completed an authorization before it takes effect.',
  '*.message': 'A sentence about it; null where there is nothing to say.',
  '*.metadata': "The application's own notes; replaced as a whole.",
  '*(first)': 'How many, at most 200.',
  '*(after)': 'endCursor of the page before.',
  '*(filter)': 'Only those that match all of it.',
  '*(id)': 'Id of it.',
  '*(key)': 'Key of the connector.',
  '*(connection)': 'Name or id of the connection.',
  '*(identifier)': "The application's own name for the user.",
  '*(input)': 'What is to be so.',
  '*(definition)': 'As in schema/connector.schema.json.',

  Query: 'What can be read.',
  'Query.auditEvents': 'What was done, newest first.',
  'Query.apiKeys': 'The keys that the caller may see.',
  'Query.connectedAccounts': 'Accounts of all connections, newest first.',
  'Query.connections': 'Connections, newest first.',
  'Query.connectors': 'The catalogue, with connectors of your own.',
  'Query.connector': 'One connector; null where there is none with this key.',
  Mutation: 'What can be changed.',
  'Mutation.startAuthorization': 'Makes a link by which a user authorizes, and the account where there is none yet.',
  'Mutation.revokeAuthorizationLink': 'Closes a link that was not used yet.',
  'Mutation.createApiKey': 'Makes a key, which never does more than the caller. Its secret is shown once.',
  'Mutation.suspendConnectedAccount': 'Pauses an account: no token until it is resumed.',
  'Mutation.resumeConnectedAccount': 'Ends the pause of an account.',
  'Mutation.createConnection': 'Sets a connector up. Without all of its fields it is a DRAFT, with its redirect URI.',
  'Mutation.updateConnection': 'Changes what is given, and leaves the rest as it is.',
  'Mutation.enableConnection': 'Switches a connection on again.',
  'Mutation.disableConnection': 'Switches a connection off: no authorization and no token. Accounts are kept.',
  'Mutation.updateConnectedAccount': 'Changes the notes or the credentials of an account.',
  'Mutation.deleteConnection(disconnectAccounts)': 'Whether its accounts are disconnected first.',
  Subscription: 'What can be watched.',

  AuditEventPage: 'One page of events.',
  'AuditEvent.at': 'When it was done.',
  'AuditEvent.outcome': 'How it ended.',
  'AuditEvent.ipAddress': 'Where the request came from; null for what the server did by itself.',
  'AuditEvent.details': 'What else is to be known, by the kind of act.',
  AuditOutcome: 'How an act ended.',
  'AuditOutcome.SUCCEEDED': 'It was done.',
  'AuditOutcome.DENIED': 'The caller was not allowed to.',
  'AuditOutcome.FAILED': 'It was allowed, and did not come about.',
  AuditEventFilter: 'Which events.',
  'AuditEventFilter.actor': 'Id of an API key or of a link, admin, or valetkey.',
  'AuditEventFilter.since': 'From this moment on.',
  'AuditEventFilter.until': 'Before this moment.',
  'ApiKey.name': 'What people call it.',
  'ApiKey.lastUsedAt': 'When it was last used, to the minute; null where it never was.',
  'ApiKey.revokedAt': 'When it was revoked; null where it was not.',
  Permission: 'What an API key may do. schema/permissions.md says which operations need which.',
  'Permission.CONNECTORS_WRITE': 'Make, change and delete connectors of your own.',
  'Permission.CONNECTIONS_READ': 'Read connections, without their secrets.',
  'Permission.CONNECTIONS_WRITE': 'Make, change, switch and delete connections.',
  'Permission.ACCOUNTS_READ': 'Read and watch connected accounts, without their credentials.',
  'Permission.ACCOUNTS_WRITE': 'Import, change, suspend, refresh, disconnect and delete connected accounts.',
  'Permission.AUTHORIZATIONS_START': 'Make and revoke authorization links, and verify who came back.',
  'Permission.TOKENS_READ': 'Read credentials.',
  'Permission.AUDIT_READ': 'Read the audit log.',
  'Permission.KEYS_WRITE': 'Make, rotate and revoke API keys that do no more than this one.',
  'Permission.WEBHOOKS_WRITE': 'Nothing yet: kept for webhooks.',

  ConnectedAccountPage: 'One page of accounts.',
  'ConnectedAccount.status': 'Whether there is a credential, and if not, who has to act.',
  'ConnectedAccount.statusChangedAt': 'When the status last changed.',
  'ConnectedAccount.requestedScopes': 'Scopes that were asked for the last time that the user authorized.',
  'ConnectedAccount.grantedScopes': 'Scopes that the provider granted.',
  'ConnectedAccount.lastTokenReadAt': 'When its credential was last read, to the minute; null where it never was.',
  'ConnectedAccount.lastRefresh': 'How the latest refresh ended; null where there was none.',
  'ConnectedAccount.connection': 'What it is an account of.',
  ConnectedAccountStatus: 'Whether an account has a credential.',
  'ConnectedAccountStatus.PENDING_AUTHORIZATION': 'The user has not authorized yet.',
  'ConnectedAccountStatus.ACTIVE': 'There is a credential.',
  ConnectedAccountFilter: 'Which accounts.',
  'ConnectedAccountFilter.search': 'Part of the identifier, in upper or lower case.',
  'ConnectedAccountFilter.connection': 'Name or id of the connection.',
  'ConnectedAccountFilter.identifier': 'The whole identifier.',
  'ConnectedAccountFilter.status': 'Any of these.',
  'RefreshOutcome.at': 'When it ended.',
  'RefreshOutcome.succeeded': 'Whether there is a new token.',
  'AuthorizationLink.scopes': 'What the user is asked for.',
  'AuthorizationLink.expiresAt': 'Until when it can be opened.',
  'AuthorizationLink.status': 'Whether it can still be used.',
  'AuthorizationLink.account': 'The account that it is for.',
  AuthorizationLinkStatus: 'Whether a link can still be used.',
  'AuthorizationLinkStatus.OPEN': 'It can.',
  'AuthorizationLinkStatus.USED': 'Somebody authorized by it.',
  'AuthorizationLinkStatus.EXPIRED': 'Its time is over.',
  'AuthorizationLinkStatus.REVOKED': 'The application, or the end of its account, has closed it.',
  'ProviderIdentity.subject': "The provider's own id of the user.",
  'ProviderIdentity.email': 'As the provider tells it; null where it does not.',
  'ProviderIdentity.name': 'As the provider tells it; null where it does not.',

  ConnectionPage: 'One page of connections.',
  'Connection.status': 'Whether it can be used.',
  'Connection.scopes': 'Scopes that users are asked for.',
  'Connection.accountCount': 'How many of its accounts the caller may see.',
  'Connection.accounts': 'Its accounts, newest first.',
  'Connection.connector': 'What it is a connection to.',
  'Connection.authMethod': 'How its users authenticate.',
  ConnectionStatus: 'Whether a connection can be used.',
  'ConnectionStatus.ACTIVE': 'It can.',
  ConnectionFilter: 'Which connections.',
  'ConnectionFilter.search': 'Part of the name, in upper or lower case.',
  'ConnectionFilter.connector': 'Key of the connector.',
  'ConnectionFilter.status': 'Any of these.',
  'ConnectionKeepAlive.measuredAt': 'When this was measured.',
  'ConnectionKeepAlive.maxIdleDays': 'Days without use after which a grant lapses.',
  'ConnectionDeletion.startedAt': 'When it was asked for.',

  ConnectorPage: 'One page of connectors.',
  'Connector.name': 'As the provider writes it.',
  'Connector.description': 'What the service is, in a sentence.',
  'Connector.categories': 'What it is for, such as crm.',
  'Connector.origin': 'Whether it came with the server.',
  'Connector.status': 'How long it can be expected to work.',
  ConnectorOrigin: 'Where a connector comes from.',
  'ConnectorOrigin.BUILT_IN': 'It came with the server.',
  'ConnectorOrigin.CUSTOM': 'It was made with createConnector.',
  ConnectorFilter: 'Which connectors.',
  'ConnectorFilter.search': 'Part of the name or the key, in upper or lower case.',
  'ConnectorFilter.category': 'One of its categories.',
  'ConnectorFilter.authType': 'How one of its auth methods authenticates.',
  'ConnectorFilter.origin': 'Where it comes from.',
  'ConnectorPreview.connector': 'Null where the definition has faults.',
  LifeStage: 'How long a connector, or one of its auth methods, can be expected to work.',
  'LifeStage.STABLE': 'For as long as anybody can tell.',
  'LifeStage.BETA': 'The provider may still change it, or some of its facts are uncertain.',
  'AuthMethod.type': 'How it authenticates.',
  'AuthMethod.name': 'What people call it.',
  'AuthMethod.status': 'How long it can be expected to work.',
  AuthType: 'How an auth method authenticates.',
  'AuthType.OAUTH2_CLIENT_CREDENTIALS': 'The client itself gets tokens, with its id and secret.',
  'AuthType.OAUTH1': 'OAuth 1.0a: each request is signed.',
  'AuthType.API_KEY': 'A key in a header, a parameter or the body.',
  'AuthType.BEARER_TOKEN': 'A token that somebody made at the provider, sent as bearer.',
  'AuthType.BASIC': 'A user name and a password, or what the provider puts in their place.',
  'AuthType.AWS': 'AWS keys, or a role that is assumed.',
  'AuthType.NONE': 'Nothing is needed.',
  'ScopeDefinition.value': 'The scope, as the provider spells it.',
  'ScopeDefinition.description': 'What it allows.',

  'FormField.key': 'Names the field in fields of inputs.',
  'FormField.label': 'As the provider calls it.',
  'FormField.help': 'Where the value is found.',
  'FormField.placeholder': 'An example, shown while the input is empty.',
  'FormField.kind': 'What it takes.',
  'FormField.required': 'Whether it has to have a value, while it is shown.',
  'FormField.default': 'What it is where nothing is entered.',
  'FormField.suffix': 'As prefix, behind the input.',
  'FormField.options': 'Choices of a SELECT; empty for others.',
  FormFieldKind: 'What a field of a form takes.',
  'FormFieldKind.TEXT': 'One line.',
  'FormFieldKind.SECRET': 'One line that is not shown again.',
  'FormFieldKind.SUBDOMAIN': 'The first part of a host, such as acme of acme.example.com.',
  'FormFieldKind.HOSTNAME': 'A host, such as git.example.com.',
  'FormFieldKind.URL': 'An address with https.',
  'FormFieldKind.EMAIL': 'An address of e-mail.',
  'FormFieldKind.UUID': 'A UUID.',
  'FormFieldKind.DIGITS': 'Digits alone.',
  'FormFieldKind.SELECT': 'One of the options.',
  'FormFieldKind.BOOLEAN': 'true or false.',
  'FormFieldKind.PEM': 'A key in PEM.',
  'FormFieldKind.JSON': 'A file of JSON, such as the key of a service account.',
  FormFieldOption: 'A choice of a field.',
  'FormFieldOption.value': 'What is sent.',
  'FormFieldOption.label': 'What is shown.',
  FieldCondition: 'When a field is shown.',
  'FieldCondition.field': 'Key of the other field.',
  'FieldCondition.equals': 'The value that it has then.',
  'FieldValue.key': 'Key of the field.',
  'FieldValue.isSet': 'Whether it has a value.',
  'FieldValue.secret': 'Whether its value is never returned.',
  FieldValueInput: 'A value for a field of a form.',
  'FieldValueInput.key': 'Key of the field.',
  'FieldValueInput.value': 'Empty for none.',

  'OAuthToken.accessToken': 'The token.',
  'OAuthToken.tokenType': 'As the provider calls it, such as bearer.',
  'OAuthToken.scopes': 'Scopes that the provider granted.',
  'NamedToken.accessToken': 'The token.',
  HttpHeader: "A header of a request to the provider's API.",
  'HttpHeader.name': 'Its name.',
  'HttpHeader.value': 'Its value, which may be a secret.',
  QueryParam: "A parameter of an address of the provider's API.",
  'QueryParam.name': 'Its name.',
  'QueryParam.value': 'Its value, which may be a secret; not encoded yet.',
  BodyParam: "A member of the body of a request to the provider's API.",
  'BodyParam.name': 'Its name.',
  'BodyParam.value': 'Its value, which may be a secret.',
  ApiKeyCredential: 'One key.',
  'ApiKeyCredential.apiKey': 'The key.',
  BasicCredential: 'A user name and a password.',
  'BasicCredential.username': 'The user name.',
  'BasicCredential.password': 'The password; empty where there is none.',
  'CustomCredential.values': 'Each with its key.',
  CredentialValue: 'One of several values.',
  'CredentialValue.key': 'Key of the field.',
  'CredentialValue.value': 'The value, which may be a secret.',
  'KeyPairCredential.keyId': 'The id that the provider gave the key; null where it gives none.',
  'KeyPairCredential.privateKey': 'In PEM.',
  AwsCredential: 'Keys to sign requests to AWS with (Signature Version 4).',
  'AwsCredential.accessKeyId': 'Names the key.',
  'AwsCredential.secretAccessKey': 'Signs.',
  'AwsCredential.sessionToken': 'Goes with keys of an assumed role; null for others.',
  'AwsCredential.region': 'The region that was set up; null where none was.',
  'AuthorizationRequired.reason': 'A sentence about it.',
  InsufficientScope:
    'The user has granted less than the query demands: start an authorization with the missing scopes.',
  'InsufficientScope.missingScopes': 'Scopes that were demanded and are not granted.',
  'InsufficientScope.grantedScopes': 'Scopes that are granted.',
  'ConnectionUnavailable.reason': 'A sentence about it, for the developer.',
  'ProviderUnavailable.reason': 'A sentence about it.',

  StartAuthorizationInput: 'For whom a link is, to what, and where it leads.',
  VerifyAuthorizationInput: 'Who came back, by the session of the application.',
  CreatedApiKey: 'A key with its secret.',
  'CreatedApiKey.apiKey': 'The key, as it is listed.',
  CreateApiKeyInput: 'What a new key may do, and on what.',
  'CreateApiKeyInput.name': 'What people call it.',
  'CreateApiKeyInput.identifiers':
    'Patterns of the only identifiers that it may use, such as tenant_7:*; none for all.',
  CreateConnectionInput: 'How a connector is set up.',
  'CreateConnectionInput.fields': 'Values of the connection form.',
  'CreateConnectionInput.scopes': "Scopes to ask users for; the method's defaults where none are given.",
  UpdateConnectionInput: 'What is to be changed of a connection; what is left out stays.',
  'UpdateConnectionInput.name': 'A new name. Code that uses the former one does not find it any more.',
  'UpdateConnectionInput.scopes': 'Scopes to ask users for from now on; replaced as a whole.',
  CreateConnectedAccountInput: 'A user of a connection, with credentials or without.',
  'CreateConnectedAccountInput.connection': 'Name or id of the connection.',
  OAuth2TokenInput: 'Tokens that were obtained elsewhere.',
  'OAuth2TokenInput.accessToken': 'The access token.',
  'OAuth2TokenInput.refreshToken': 'The refresh token; without one, access ends with the access token.',
  'OAuth2TokenInput.expiresAt': 'When the access token expires.',
  'OAuth2TokenInput.scopes': 'Scopes that it has.',
  UpdateConnectedAccountInput: 'What is to be changed of an account; what is left out stays.',
  'UpdateConnectedAccountInput.fields': 'Values of the account form; fields that are not listed stay.',
  'UpdateConnectedAccountInput.oauth2': 'Tokens obtained elsewhere, in the place of those that it has.',
  'DisconnectedAccount.revocation': 'What became of the tokens at the provider.',
  Revocation: 'What became of tokens at the provider.',
  'Revocation.REVOKED': 'The provider has ended them.',
  'Revocation.NOTHING_TO_REVOKE': 'There were none.',
}

/** An element of the schema; introspection tells its description. */
interface Element {
  description?: string | null | undefined
}

/**
 * Gives their descriptions to elements that have none.
 *
 * @param schema changed in place
 * @throws {Error} with the elements that nobody describes, and descriptions of what is not there or says it itself
 */
export function describe(schema: GraphQLSchema) {
  const used = new Set<string>()
  const silent: string[] = []
  for (const [name, element] of elementsOf(schema)) {
    if (element.description) continue
    const key = [name, name.replace(/^\w+\.\w+(?=\()|^\w+(?=\.)/, '*')].find((one) => one in TEXTS)
    if (key === undefined) silent.push(name)
    else {
      element.description = TEXTS[key]
      used.add(key)
    }
  }
  const idle = Object.keys(TEXTS).filter((key) => !used.has(key))
  if (silent.length > 0 || idle.length > 0)
    throw new Error(
      'Every element of the schema needs a description, where it is declared or in graphql/descriptions.ts. ' +
        `Without one: ${silent.join(', ') || 'none'}. Described and not needed: ${idle.join(', ') || 'none'}.`,
    )
}

/** As `Type`, `Type.field`, `Type.VALUE` and `Type.field(argument)`. */
function* elementsOf(schema: GraphQLSchema): Generator<[string, Element]> {
  for (const type of Object.values(schema.getTypeMap())) {
    if (isIntrospectionType(type) || isSpecifiedScalarType(type)) continue
    yield [type.name, type]
    if (isEnumType(type)) for (const value of type.getValues()) yield [`${type.name}.${value.name}`, value]
    if (isInputObjectType(type))
      for (const field of Object.values(type.getFields())) yield [`${type.name}.${field.name}`, field]
    if (!isObjectType(type) && !isInterfaceType(type)) continue
    for (const field of Object.values(type.getFields())) {
      yield [`${type.name}.${field.name}`, field]
      for (const arg of field.args) yield [`${type.name}.${field.name}(${arg.name})`, arg]
    }
  }
}
