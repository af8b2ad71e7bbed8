/** English words for the enum values of the API, shared by several pages. */
import type { AuthType, Permission, UserVerification } from './generated/graphql.js'

export const AUTH_TYPES: Record<AuthType, string> = {
  OAUTH2: 'OAuth 2.0',
  OAUTH2_CLIENT_CREDENTIALS: 'Client credentials',
  OAUTH2_JWT_BEARER: 'Service account',
  OAUTH1: 'OAuth 1.0a',
  API_KEY: 'API key',
  BEARER_TOKEN: 'Bearer token',
  BASIC: 'User name and password',
  CUSTOM: 'Several keys',
  KEY_PAIR: 'Key pair',
  TOKEN_EXCHANGE: 'Token exchange',
  APP_INSTALLATION: 'App installation',
  AWS: 'AWS',
  MCP: 'MCP server',
  NONE: 'No credentials',
}

export const PERMISSIONS: Record<Permission, string> = {
  TOKENS_READ: 'Get credentials of connected accounts: what an agent needs',
  AUTHORIZATIONS_START: 'Make authorization links for users',
  ACCOUNTS_READ: 'See connected accounts, without their secrets',
  ACCOUNTS_WRITE: 'Create, suspend, disconnect and delete connected accounts',
  CONNECTIONS_READ: 'See connections, without their secrets',
  CONNECTIONS_WRITE: 'Set up, change and delete connections',
  CONNECTORS_WRITE: 'Make connectors of your own',
  AUDIT_READ: 'Read the audit log',
  KEYS_WRITE: 'See, make and revoke API keys',
  WEBHOOKS_WRITE: 'Set up webhooks',
}

export const VERIFICATIONS: Record<UserVerification, [label: string, says: string]> = {
  CONFIRM: ['The user confirms', 'A page names the user that the link is for and asks whether that is who is there.'],
  APPLICATION: [
    'Your application confirms',
    'The browser comes back to your verifyUrl, and you call verifyAuthorization with the user of your own session. ' +
      'The safest.',
  ],
  NONE: ['Nobody confirms', 'Whoever opens the link connects their account. For links that never leave your hands.'],
}

/** `project-management` as *Project management*. */
export function categoryWord(category: string): string {
  const words = category.replaceAll('-', ' ')
  const said = ({ ai: 'AI', crm: 'CRM', hr: 'HR', mcp: 'MCP' } as Record<string, string>)[words]
  return said ?? words.charAt(0).toUpperCase() + words.slice(1)
}
