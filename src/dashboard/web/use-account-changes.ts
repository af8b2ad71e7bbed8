/** An account's state as it changes, told by the server. */
import { useSubscription } from 'urql'
import { AccountChangedDocument, type AccountStateFragment } from './generated/graphql.js'

/** @param where the account; null while there is none to watch */
export function useAccountChanges(where: { connection: string; identifier: string } | null): AccountStateFragment | null {
  const [{ data }] = useSubscription({ query: AccountChangedDocument, variables: where ?? { connection: '', identifier: '' }, pause: where === null })
  return data?.connectedAccountChanged ?? null
}
