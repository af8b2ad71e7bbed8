import type { EntityManager } from '@mikro-orm/postgresql'
import type { Connection } from '../connections/connection.js'
import { MOVED, type Registration } from '../connections/registration.js'
import type { Setups } from '../connections/setups.js'

/**
 * After a connection's app, addresses or definition changed: pauses the accounts whose grant was given to what was
 * before, and brings back those whose grant is for what is now. Nothing of them is erased, and no provider is asked.
 * The gate judges each credential by itself as well; this is so that the accounts say so.
 *
 * @param em in the transaction of the change
 * @param before the registration before the change, where it is known: grants of earlier versions, which say nothing
 *   of addresses, belong to it
 */
export async function followRegistration(
  em: EntityManager,
  setups: Setups,
  connection: Connection,
  before: Registration | null,
) {
  if (!setups.offers(connection) || setups.fetchesForItself(connection)) return
  const { app, destinations } = setups.registration(connection)
  if (before !== null && before.destinations !== null)
    await em.execute(
      `update credential set destinations = ? from connected_account account
       where account.id = credential.account_id and account.connection_id = ?
         and credential.registration = ? and credential.destinations is null`,
      [before.destinations, connection.uuid, before.app],
    )
  const moved = `(credential.registration <> ?
    or credential.destinations is not null and credential.destinations is distinct from ?::text)`
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
