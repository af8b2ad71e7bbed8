import type { EntityManager } from '@mikro-orm/postgresql'
import type { Connection } from '../connections/connection.js'
import { MOVED } from '../connections/registration.js'
import type { Setups } from '../connections/setups.js'

/**
 * After a connection's app, addresses or definition changed: pauses the accounts whose grant was given to what was
 * before, and brings back those whose grant is for what is now. Nothing of them is erased, and no provider is asked.
 * The gate judges each credential by itself as well; this is so that the accounts say so.
 *
 * @param em in the transaction of the change
 */
export async function followRegistration(em: EntityManager, setups: Setups, connection: Connection) {
  if (!setups.offers(connection) || setups.fetchesForItself(connection)) return
  const { app, destinations } = setups.registration(connection)
  const moved = '(credential.registration <> ? or coalesce(credential.destinations <> ?::text, false))'
  await em.execute(
    `update connected_account account set status = 'REAUTHORIZATION_REQUIRED', status_reason = ?,
       status_changed_at = clock_timestamp(), updated_at = clock_timestamp()
     from credential
     where credential.account_id = account.id and account.connection_id = ? and account.status = 'ACTIVE'
       and ${moved}`,
    [MOVED, connection.uuid, app, destinations],
  )
  await em.execute(
    `update connected_account account set status = 'ACTIVE', status_reason = null,
       status_changed_at = clock_timestamp(), updated_at = clock_timestamp()
     from credential
     where credential.account_id = account.id and account.connection_id = ?
       and account.status = 'REAUTHORIZATION_REQUIRED' and account.status_reason = ?
       and not ${moved}`,
    [connection.uuid, MOVED, app, destinations],
  )
}
