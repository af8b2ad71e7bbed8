/**
 * How a connector's definition describes the ways to authenticate: one shape for each auth type,
 * executed by `oauth/`. The frame around them (name, fields, icon) is `connectors/definition.ts`.
 *
 * A plain OAuth 2.0 provider needs two addresses; everything else defaults to the standard, and the
 * definition says only where the provider departs from it. The shapes:
 *
 *   definition/oauth2.ts          the OAuth 2.0 grants
 *   definition/other-methods.ts   OAuth 1, keys, signed tokens, exchanges, installations, AWS, MCP
 *   definition/…                  the parts that both are made of
 */
import type { ClientCredentialsMethod, CodeMethod, JwtBearerMethod } from './definition/oauth2.js'
import type {
  AppInstallationMethod,
  AwsMethod,
  McpMethod,
  NoneMethod,
  OAuth1Method,
  SignedJwtMethod,
  StaticMethod,
  TokenExchangeMethod,
} from './definition/other-methods.js'
import type { RefreshDefinition } from './definition/refresh.js'

/** What a file may contain. */
export type Method =
  | CodeMethod
  | ClientCredentialsMethod
  | JwtBearerMethod
  | OAuth1Method
  | StaticMethod
  | SignedJwtMethod
  | TokenExchangeMethod
  | AppInstallationMethod
  | AwsMethod
  | McpMethod
  | NoneMethod

/** What can be executed: mcp.ts turns the method of an MCP server into one of the others. */
export type ExecutableMethod = Exclude<Method, McpMethod>

/** Sends the user to the provider. */
export type RedirectMethod = CodeMethod | OAuth1Method | AppInstallationMethod

/** Fetches its tokens without the user. */
export type FetchingMethod =
  | ClientCredentialsMethod
  | JwtBearerMethod
  | TokenExchangeMethod
  | AppInstallationMethod
  | AwsMethod

export function redirects(method: ExecutableMethod): method is RedirectMethod {
  return (
    method.type === 'oauth1' ||
    method.type === 'app_installation' ||
    (method.type === 'oauth2' && method.grant === 'authorization_code')
  )
}

export function fetches(method: ExecutableMethod): method is FetchingMethod {
  switch (method.type) {
    case 'oauth2':
      return method.grant !== 'authorization_code'
    case 'aws':
      return method.mode === 'assume_role'
    case 'token_exchange':
    case 'app_installation':
      return true
    default:
      return false
  }
}

/** How tokens are renewed; false where they are not. */
export function renewal(method: ExecutableMethod): RefreshDefinition | false {
  if (method.type === 'aws' && method.mode === 'assume_role')
    return { using: 'reauthenticate', rotation: 'optional', resendScope: false }
  return 'refresh' in method ? method.refresh : false
}
