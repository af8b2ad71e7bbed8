/** What the gate answers: plain values, whichever door asks. `type` is the name that the API has for it. */
import type { AccountStatus } from '../connected-accounts/connected-account.js'
import type { ConnectionStatus } from '../connections/connection.js'
import type { Applied } from '../oauth/api/apply.js'

/** How a credential goes onto a request, and until when it lasts; null where nobody knows. */
export interface Usable extends Applied {
  expiresAt: Date | null
}

export interface NamedToken {
  name: string
  accessToken: string
  expiresAt: Date | null
}

/** A credential that works now. */
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

/** Why there is none. */
export type Refusal =
  | { type: 'AuthorizationRequired'; status: AccountStatus; reason: string }
  | { type: 'InsufficientScope'; missingScopes: string[]; grantedScopes: string[] }
  | { type: 'ConnectionUnavailable'; status: ConnectionStatus; reason: string }
  /** `retryAfter` in seconds. */
  | { type: 'ProviderUnavailable'; reason: string; retryAfter: number }

export type Access = Credential | Refusal

const REFUSALS: ReadonlySet<Access['type']> = new Set<Refusal['type']>([
  'AuthorizationRequired',
  'InsufficientScope',
  'ConnectionUnavailable',
  'ProviderUnavailable',
])

export function isCredential(access: Access): access is Credential {
  return !REFUSALS.has(access.type)
}
