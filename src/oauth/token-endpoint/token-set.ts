/** The tokens of a token endpoint's answer. Null means that the answer does not contain the value. */
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

/** A further token of a grant. */
export interface NamedToken {
  access: string
  refresh: string | null
  expiresAt: Date | null
}

/** The part of a token set that later calls need. */
export type StoredTokens = Pick<TokenSet, 'accessToken' | 'refreshToken' | 'named' | 'captured'>

/** For methods without tokens: the account's form values are the credential. */
export const NO_TOKENS: StoredTokens = { accessToken: '', refreshToken: null, named: {}, captured: {} }
