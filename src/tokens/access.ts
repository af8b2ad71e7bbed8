/** The answers of the gate, as plain values. `type` is the name of the GraphQL type. */
import type { AccountStatus } from '../connected-accounts/connected-account.js'
import type { ConnectionStatus } from '../connections/connection.js'
import type { Applied } from '../oauth/api/apply.js'

/** How a credential is put on a request. */
export interface Usable extends Applied {
  /** Null where the expiry is unknown. */
  expiresAt: Date | null
}

/** A further token of the same grant. */
export interface NamedToken {
  name: string
  accessToken: string
  expiresAt: Date | null
}

/** A credential that is valid now. */
export type Credential = Usable &
  (
    | { type: 'OAuthToken'; accessToken: string; tokenType: string; scopes: string[]; namedTokens: NamedToken[] }
    | { type: 'ApiKeyCredential'; apiKey: string }
    | { type: 'BasicCredential'; username: string; password: string }
    | { type: 'CustomCredential'; values: { key: string; value: string }[] }
    | { type: 'KeyPairCredential'; keyId: string | null; privateKey: string }
    | {
        type: 'AwsCredential'
        accessKeyId: string
        secretAccessKey: string
        sessionToken: string | null
        region: string | null
      }
    | { type: 'NoCredential' }
  )

/** Why there is no credential. */
export type Refusal =
  | { type: 'AuthorizationRequired'; accountStatus: AccountStatus; reason: string }
  | { type: 'InsufficientScope'; missingScopes: string[]; grantedScopes: string[] }
  | { type: 'ConnectionUnavailable'; connectionStatus: ConnectionStatus; reason: string }
  /** `retryAfter` in seconds. */
  | { type: 'ProviderUnavailable'; reason: string; retryAfter: number }

/** The answer to one request for a credential. */
export type Access = Credential | Refusal

const REFUSALS: ReadonlySet<Access['type']> = new Set<Refusal['type']>([
  'AuthorizationRequired',
  'InsufficientScope',
  'ConnectionUnavailable',
  'ProviderUnavailable',
])

/** Tells a credential from a refusal. */
export function isCredential(access: Access): access is Credential {
  return !REFUSALS.has(access.type)
}
