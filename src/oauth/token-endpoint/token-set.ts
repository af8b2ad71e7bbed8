/** The tokens that a token endpoint gave. Null means that the answer did not say. */
export interface TokenSet {
  accessToken: string
  tokenType: string
  refreshToken: string | null
  scopes: string[] | null
  expiresAt: Date | null
  refreshExpiresAt: Date | null
  /** Further tokens of the same answer, such as Slack's user token. */
  named: Record<string, NamedToken>
  captured: Record<string, unknown>
}

export interface NamedToken {
  access: string
  refresh: string | null
  expiresAt: Date | null
}

/** The part of a token set that later calls need. */
export type StoredTokens = Pick<TokenSet, 'accessToken' | 'refreshToken' | 'named' | 'captured'>

/** For methods that fetch no tokens: the account's fields hold the credential. */
export const NO_TOKENS: StoredTokens = { accessToken: '', refreshToken: null, named: {}, captured: {} }
