/**
 * How a connector's definition describes the ways to authenticate: one shape for each auth type,
 * executed by `oauth/`. The rest of a definition (name, fields, icon) is in `connectors/definition.ts`.
 *
 * A standard OAuth 2.0 provider needs two addresses. Everything else has the standard's values as defaults, so
 * that a definition states only the differences. The shapes:
 *
 *   definition/oauth2.ts          the OAuth 2.0 grants
 *   definition/other-methods.ts   OAuth 1, keys, signed tokens, exchanges, installations, AWS, MCP
 *   definition/…                  the parts that both share
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

/** A method as a definition may contain it. */
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

/** A method that can be executed: mcp.ts converts the method of an MCP server into one of the others. */
export type ExecutableMethod = Exclude<Method, McpMethod>

/** A method that redirects the user to the provider. */
export type RedirectMethod = CodeMethod | OAuth1Method | AppInstallationMethod

/** A method that fetches its tokens without the user. */
export type FetchingMethod =
  | ClientCredentialsMethod
  | JwtBearerMethod
  | TokenExchangeMethod
  | AppInstallationMethod
  | AwsMethod

/** Whether the method redirects users to the provider. */
export function redirects(method: ExecutableMethod): method is RedirectMethod {
  return (
    method.type === 'oauth1' ||
    method.type === 'app_installation' ||
    (method.type === 'oauth2' && method.grant === 'authorization_code')
  )
}

/** Whether the method fetches its tokens without the user. */
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

/** How tokens are refreshed; false where they cannot be. */
export function renewal(method: ExecutableMethod): RefreshDefinition | false {
  if (method.type === 'aws' && method.mode === 'assume_role')
    return { using: 'reauthenticate', rotation: 'optional', resendScope: false }
  return 'refresh' in method ? method.refresh : false
}
