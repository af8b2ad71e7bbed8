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

/** The part of a token set that later calls need; a type and an expiry of the main token where they are known. */
export type StoredTokens = Pick<TokenSet, 'accessToken' | 'refreshToken' | 'named' | 'captured'> &
  Partial<Pick<TokenSet, 'tokenType' | 'expiresAt'>>

/** For methods without tokens: the account's form values are the credential. */
export const NO_TOKENS: StoredTokens = { accessToken: '', refreshToken: null, named: {}, captured: {} }

/**
 * Which token of a grant ends first: its name, or null for the main one. A named token counts where it has a refresh
 * token of its own.
 */
export function firstToEnd({ accessToken, refreshToken, expiresAt, named }: StoredTokens): string | null {
  const isThere = accessToken !== '' || refreshToken !== null
  // Tokens that an earlier version stored, which renewed the main one alone.
  if (isThere && expiresAt === undefined) return null
  let [first, at] = [null as string | null, isThere ? timeOf(expiresAt) : Number.POSITIVE_INFINITY]
  for (const [name, token] of Object.entries(named))
    if (token.refresh !== null && timeOf(token.expiresAt) < at) [first, at] = [name, timeOf(token.expiresAt)]
  return first
}

/** When the first token of a grant ends; null where none does. */
export function firstEnd(tokens: StoredTokens): Date | null {
  const name = firstToEnd(tokens)
  const end = name === null ? tokens.expiresAt : tokens.named[name]?.expiresAt
  return end == null ? null : new Date(end)
}

/** The tokens that are stored, with those of an answer in their place. What the answer does not have stays. */
export function merged(stored: StoredTokens | null, tokens: StoredTokens): StoredTokens {
  const isMain = tokens.accessToken !== '' || stored === null
  const main = isMain ? tokens : stored
  const named = Object.entries(tokens.named).map(([name, token]) => [
    name,
    { ...token, refresh: token.refresh ?? stored?.named[name]?.refresh ?? null },
  ])
  return {
    accessToken: main.accessToken,
    tokenType: main.tokenType ?? 'Bearer',
    expiresAt: main.expiresAt ?? null,
    refreshToken: tokens.refreshToken ?? stored?.refreshToken ?? null,
    named: { ...stored?.named, ...Object.fromEntries(named) },
    captured: { ...stored?.captured, ...tokens.captured },
  }
}

/** A token set that was JSON, with its dates. */
export function withDates(tokens: TokenSet): TokenSet {
  const date = (value: Date | null) => value && new Date(value)
  const named = Object.fromEntries(
    Object.entries(tokens.named).map(([name, token]) => [name, { ...token, expiresAt: date(token.expiresAt) }]),
  )
  return { ...tokens, named, expiresAt: date(tokens.expiresAt), refreshExpiresAt: date(tokens.refreshExpiresAt) }
}

/** Stored tokens are JSON, in which a date is a text. */
function timeOf(date: Date | string | null | undefined): number {
  return date == null ? Number.POSITIVE_INFINITY : new Date(date).getTime()
}
