/**
 * The statement by which a refresh is claimed, and the conditions under which a token may be sent again of which
 * nobody knows what became of it: a provider may end a grant whose token comes twice.
 */

/**
 * Seconds after which a refresh whose outcome nobody knows is tried again where the provider may end the grant
 * for it, and nothing says how long the access token serves.
 */
const UNKNOWN_LIFE = 600

/** What a connector says about repeating a refresh. */
export interface Repetition {
  /** At any time: the provider does not rotate, or its old access token is of no more use. */
  always: boolean
  /** Seconds for which a provider that rotates takes a used refresh token again; 0 for one that never does. */
  grace: number
  /** Whether the provider keeps refresh tokens: one that comes twice costs nothing. */
  keeps: boolean
}

/**
 * Whether it costs nothing to send a token of which nobody knows what became of it; $5, $6 and $7 are a Repetition.
 * One that is doubted is another one than was sent, or was refused already: waiting would keep it from being tried.
 */
const HARMLESS = `(
  $7 or not lease.in_flight or lease.doubted
  or lease.sent_at + make_interval(secs => $6) > clock_timestamp()
)`

/**
 * Whether a lease that has lapsed may be taken over. Whoever had it may be stopped, or cut off from the database, with
 * the answer in its hands: where another try could end the grant, it has some minutes to come back.
 */
const DESERTED = `(
  ${HARMLESS} or lease.sent_at + interval '${UNKNOWN_LIFE} seconds' <= clock_timestamp()
)`

/** Whether a refresh that nobody is working on may be sent again. */
const REPEATABLE = `(
  $5 or ${HARMLESS}
  or coalesce(credential.expires_at, lease.sent_at + interval '${UNKNOWN_LIFE} seconds') <= clock_timestamp()
)`

/** Whether the connection has changed since the account was refused: what it was refused for may be mended. */
const CHANGED = `lease.refused_at < (
  select connection.updated_at from connection join connected_account on connected_account.connection_id = connection.id
  where connected_account.id = lease.account_id
)`

/** Whether a grace is running out for a token that was sent: one more request of many saves a grant. */
const ENDANGERED = `exists (
  select from refresh_lease sent where sent.account_id = account.id and sent.in_flight and $6 > 0
    and sent.sent_at + make_interval(secs => $6) > clock_timestamp()
)`

export const CLAIM = `
  with place as (
    select slot.connection_id, slot.slot
    from refresh_slot slot
    join connected_account account on account.connection_id = slot.connection_id
    join connection on connection.id = slot.connection_id
    where account.id = $1
      and (slot.until is null or slot.until < clock_timestamp())
      and (slot.slot = 1 or not connection.failing)
      and (connection.paused_until is null or connection.paused_until <= clock_timestamp() or ${ENDANGERED})
    order by slot.slot limit 1
    for update of slot skip locked
  ), due as (
    select credential.account_id
    from credential
    join connected_account account on account.id = credential.account_id
    left join refresh_lease lease on lease.account_id = credential.account_id
    where credential.account_id = $1 and credential.version = $2
      and (account.status = 'ACTIVE' or (lease.doubted and account.status = 'REAUTHORIZATION_REQUIRED'))
      and (lease.account_id is null or ${REPEATABLE})
  ), claimed as (
    insert into refresh_lease as lease (account_id, owner, until, fence, in_flight, sent_at)
    select due.account_id, $3::uuid, clock_timestamp() + make_interval(secs => $4), 1, true, clock_timestamp()
    from place, due
    on conflict (account_id) do update
    set owner = excluded.owner, until = excluded.until, fence = lease.fence + 1,
      in_flight = true, takeover = lease.in_flight,
      -- A grace for a used token counts from its first use.
      sent_at = case when lease.in_flight then coalesce(lease.sent_at, excluded.sent_at) else excluded.sent_at end
    where (lease.until is null
        or greatest(lease.until, pg_postmaster_start_time() + interval '10 seconds') < clock_timestamp())
      and (lease.until is null or ${DESERTED})
      and (lease.next_attempt_at is null or lease.next_attempt_at <= clock_timestamp() or ${CHANGED})
    returning fence, doubted,
      extract(epoch from sent_at + make_interval(secs => $6) - clock_timestamp())::float8 as grace
  ), taken as (
    update refresh_slot slot
    set holder = $1, owner = $3::uuid, until = clock_timestamp() + make_interval(secs => $4)
    from place, claimed where slot.connection_id = place.connection_id and slot.slot = place.slot
  )
  select fence, doubted, grace from claimed`

/** The same for a statement whose parameters begin with the account and a Repetition. */
const looking = (condition: string) => condition.replaceAll('$5', '$2').replaceAll('$6', '$3').replaceAll('$7', '$4')

export const LOOK = `
  select credential.version, account.status, lease.last_error as "lastError", connection.failing,
    coalesce(lease.doubted, false) as doubted,
    coalesce(lease.until < clock_timestamp() and not ${looking(DESERTED)}, false) as silent,
    exists (select from refresh_slot where connection_id = account.connection_id) as slotted,
    coalesce(extract(epoch from greatest(
      case when ${CHANGED} then null else lease.next_attempt_at end,
      case when ${looking(ENDANGERED)} then null else connection.paused_until end,
      case when lease.until is null and not ${looking(REPEATABLE)}
        then coalesce(credential.expires_at, lease.sent_at + interval '${UNKNOWN_LIFE} seconds') end
    ) - clock_timestamp()), 0)::float8 as pause
  from connected_account account
  join connection on connection.id = account.connection_id
  join credential on credential.account_id = account.id
  left join refresh_lease lease on lease.account_id = account.id
  where account.id = $1`
