/**
 * Who may read which field of the schema: a use case has permissions of its own (callers/use-cases.ts), and a part of
 * its parent is for whoever may see the parent. There is no third: a schema with a field that is neither is not built,
 * and so neither served nor emitted.
 */
import { type GraphQLSchema, isObjectType } from 'graphql'
import { USE_CASES } from '../callers/use-cases.js'

const CREDENTIAL = 'headers queryParams bodyParams apiBaseUrl expiresAt'

/** Fields that are parts of their parent, by its type. */
const PARTS: Readonly<Record<string, string>> = {
  AuditEventPage: 'items endCursor hasNextPage',
  AuditEvent: 'id at action outcome actor connection identifier purpose ipAddress details',
  ApiKey:
    'id name prefix permissions identifiers addresses purposeRequired trustedDocumentsOnly madeBy ' +
    'createdAt expiresAt lastUsedAt revokedAt connections',
  Viewer: 'name permissions connections identifiers',
  ConnectedAccountPage: 'items totalCount endCursor hasNextPage',
  ConnectedAccount:
    'id identifier status statusReason statusChangedAt requestedScopes grantedScopes missingScopes ' +
    'tokenExpiresAt reauthorizationDueAt lastTokenReadAt lastRefresh createdAt updatedAt fields',
  RefreshOutcome: 'at succeeded providerError message',
  AuthorizationLink: 'id url scopes expiresAt createdAt status account',
  Connection:
    'id name status problem scopes userVerification purposeRequired createdAt updatedAt accountCount ' +
    'keepAlive connector authMethod redirectUri fields deletion',
  ConnectionKeepAlive: 'measuredAt maxIdleDays due perDay lapsing',
  Connector:
    'key name description categories origin iconUrl docsUrl apiBaseUrl status endsOn consoleUrl ' +
    'authMethods source',
  AuthMethod:
    'id type name help docsUrl consoleUrl connectionFields accountFields scopes refreshable verifiable status ' +
    'endsOn',
  FormField:
    'key label help helpUrl placeholder kind required secret default pattern prefix suffix options ' + 'visibleWhen',
  FormFieldOption: 'value label',
  FieldCondition: 'field equals',
  ScopeDefinition: 'value description required default',
  FieldValue: 'key value isSet secret',
  ConnectionDeletion: 'startedAt accounts accountsLeft',
  ProviderIdentity: 'subject email name tenant',
  OAuthToken: `${CREDENTIAL} accessToken tokenType scopes namedTokens`,
  HttpHeader: 'name value',
  QueryParam: 'name value',
  BodyParam: 'name value',
  NamedToken: 'name accessToken expiresAt',
  ApiKeyCredential: `${CREDENTIAL} apiKey`,
  BasicCredential: `${CREDENTIAL} username password`,
  CustomCredential: `${CREDENTIAL} values`,
  CredentialValue: 'key value',
  KeyPairCredential: `${CREDENTIAL} keyId privateKey`,
  AwsCredential: `${CREDENTIAL} accessKeyId secretAccessKey sessionToken region`,
  NoCredential: CREDENTIAL,
  AuthorizationRequired: 'accountStatus status reason',
  InsufficientScope: 'missingScopes grantedScopes',
  ConnectionUnavailable: 'connectionStatus status reason',
  ProviderUnavailable: 'reason retryAfter',
  ConnectionPage: 'items totalCount endCursor hasNextPage',
  ConnectorPage: 'items totalCount endCursor hasNextPage',
  ConnectorPreview: 'problems connector',
  CreatedApiKey: 'apiKey secret',
  DisconnectedAccount: 'id identifier revocation message',
}

/**
 * Whether each field has its decision, and each decision its field.
 *
 * @throws {Error} with the fields that have none, or two, and the decisions about what is not there
 */
export function assertDecided(schema: GraphQLSchema) {
  const fields = fieldsOf(schema)
  const cases = Object.keys(USE_CASES).filter((name) => /^\w+\.\w+$/.test(name))
  const parts = Object.entries(PARTS).flatMap(([type, names]) => names.split(' ').map((name) => `${type}.${name}`))
  const decided = [...cases, ...parts]
  const faults = [
    ...fields.filter((field) => !decided.includes(field)).map((field) => `${field} has none`),
    ...decided.filter((name, index) => decided.indexOf(name) !== index).map((name) => `${name} has two`),
    ...decided.filter((name) => !fields.includes(name)).map((name) => `${name} is no field`),
  ]
  if (faults.length > 0)
    throw new Error(
      'Every field of the schema needs a decision about who may read it, in callers/use-cases.ts or ' +
        `graphql/decisions.ts: ${faults.join(', ')}.`,
    )
}

/** Every field of an object type, as `Type.field`. */
function fieldsOf(schema: GraphQLSchema): string[] {
  return Object.values(schema.getTypeMap())
    .filter((type) => isObjectType(type) && !type.name.startsWith('__'))
    .flatMap((type) => (isObjectType(type) ? Object.keys(type.getFields()).map((name) => `${type.name}.${name}`) : []))
}
