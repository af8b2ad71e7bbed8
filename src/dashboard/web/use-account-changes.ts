/** Subscribes to the changes of an account. */
import { useSubscription } from 'urql'
import { AccountChangedDocument, type AccountChangedSubscription } from './generated/graphql.js'

/** @param where the account; null while there is none to watch */
export function useAccountChanges(
  where: { connection: string; identifier: string } | null,
): AccountChangedSubscription['connectedAccountChanged'] | null {
  const [{ data }] = useSubscription({
    query: AccountChangedDocument,
    variables: where ?? { connection: '', identifier: '' },
    pause: where === null,
  })
  return data?.connectedAccountChanged ?? null
}
