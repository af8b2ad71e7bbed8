/**
 * Whose fault a refusal is: judged from what else the connection's accounts have met lately, on every replica.
 *
 * Evidence about one grant counts against that grant. A connection is at fault where the provider names its app
 * and nobody else renews, or where it refuses one account after the other and renews none. Many refused
 * grants at once are more often a provider's bad hour than users who changed their minds.
 */
import type { EntityManager } from '@mikro-orm/postgresql'
import type { LeaseEvidence } from './lease.js'

/** Seconds for which an event counts as recent. */
const RECENT = 600
const SHORT = 300
/** Seconds for which an account whose app is refused waits for what another account meets. */
const WITNESS_WAIT = 5
/** Seconds between tries while a refusal is not believed yet, at the first; and the longest that it is not. */
const FIRST_WAIT = 10
const LONGEST_WAIT = 60
const LONGEST_DOUBT = 900
/** Refusals in a row, for no stated reason, after which an account is at fault while others renew. */
const ENOUGH = 3
/** The same where there are no others to compare with. */
const ENOUGH_ALONE = 5
/** Other accounts that are refused, and none that renews, for the connection to be at fault. */
const OTHERS_REFUSED = 2

export interface Surroundings {
  /** Another account has renewed since this one was first refused, or lately where it was not refused before. */
  othersRenew: boolean
  /** Another account has renewed lately. */
  othersRenewed: boolean
  /** Other accounts with a grant. */
  others: number
  /** Accounts that were refused lately, and since the last renewal of anybody. */
  othersRefused: number
  /** Whether many of those that asked within the last minute were refused, whoever was renewed in between. */
  isBadTime: boolean
}

export type Judgement = { verdict: 'account' } | { verdict: 'connection' } | { verdict: 'wait'; seconds: number }

/**
 * What has happened to the other accounts of a connection. Judgements of one connection are made one after the
 * other: each sees the one before.
 *
 * @param since when the connection was changed last: what was before is no evidence
 */
export async function surroundings(
  em: EntityManager,
  connectionUuid: string,
  accountUuid: string,
  heldFor: number | null,
  since: Date,
): Promise<Surroundings> {
  await em.execute("select pg_advisory_xact_lock(hashtextextended('valetkey.judgement ' || ?::text, 0))", [
    connectionUuid,
  ])
  const others = [connectionUuid, accountUuid]
  const [row] = await em.execute<[Surroundings]>(AROUND, [
    ...others,
    since,
    RECENT,
    ...others,
    LONGEST_DOUBT,
    ...others,
    SHORT,
    heldFor ?? RECENT,
    ...others,
    connectionUuid,
  ])
  return row
}

const AROUND = `
  with renewal as (
    select max(credential.obtained_at) as at
    from credential join connected_account account on account.id = credential.account_id
    where account.connection_id = ? and account.id <> ? and credential.parent_version is not null
      and credential.obtained_at > greatest(?::timestamptz, clock_timestamp() - make_interval(secs => ?))
  ), refusal as (
    select lease.refused_at as at
    from refresh_lease lease join connected_account account on account.id = lease.account_id
    where account.connection_id = ? and account.id <> ?
      and lease.refused_at > clock_timestamp() - make_interval(secs => ?)
    union all
    select account.status_changed_at
    from connected_account account
    where account.connection_id = ? and account.id <> ? and account.status = 'REAUTHORIZATION_REQUIRED'
      and coalesce(account.refresh_outcome ->> 'providerError', '') <> 'no_refresh_token'
      and account.status_changed_at > clock_timestamp() - make_interval(secs => ?)
  )
  select
    coalesce(renewal.at > clock_timestamp() - make_interval(secs => ?), false) as "othersRenew",
    renewal.at is not null as "othersRenewed",
    (select count(*)::int from (
      select from connected_account account join credential on credential.account_id = account.id
      where account.connection_id = ? and account.id <> ? and account.status = 'ACTIVE' limit 1
    ) other) as others,
    (select count(*)::int from refusal where refusal.at > coalesce(renewal.at, '-infinity')) as "othersRefused",
    (select count(*) >= 2 and count(*) * 5 >= (
        select count(*) from credential join connected_account account on account.id = credential.account_id
        where account.connection_id = ? and credential.parent_version is not null
          and credential.obtained_at > clock_timestamp() - interval '1 minute'
      ) from refusal where refusal.at > clock_timestamp() - interval '1 minute') as "isBadTime"
  from renewal`

/** The provider says that the grant is over. */
export function judgeGrant(
  { heldFor }: LeaseEvidence,
  { othersRenew, othersRefused, isBadTime }: Surroundings,
): Judgement {
  const isDoubtful = othersRefused > 0 || isBadTime
  if (heldFor !== null) {
    // It is refused again while others renew and few are refused; or it has been refused for long.
    if ((othersRenew && !isDoubtful) || heldFor >= LONGEST_DOUBT) return { verdict: 'account' }
    return { verdict: 'wait', seconds: Math.min(LONGEST_WAIT, Math.max(FIRST_WAIT, heldFor / 2)) }
  }
  return isDoubtful ? { verdict: 'wait', seconds: FIRST_WAIT } : { verdict: 'account' }
}

/** The provider says that it does not know the app. It may mean this account: another one is the witness. */
export function judgeApp(lease: LeaseEvidence, around: Surroundings): Judgement {
  if (around.othersRenewed) return judgeUnclear(lease, around)
  const hasNoWitness = around.others > 0 && around.othersRefused === 0 && lease.rejections === 0
  return hasNoWitness ? { verdict: 'wait', seconds: WITNESS_WAIT } : { verdict: 'connection' }
}

/** The provider refuses, and does not say whether the grant or the app is the reason. */
export function judgeUnclear({ rejections }: LeaseEvidence, { othersRenew, othersRefused }: Surroundings): Judgement {
  if (othersRenew && rejections + 1 >= ENOUGH) return { verdict: 'account' }
  if (!othersRenew && othersRefused >= OTHERS_REFUSED) return { verdict: 'connection' }
  if (othersRefused === 0 && rejections + 1 >= ENOUGH_ALONE) return { verdict: 'account' }
  return { verdict: 'wait', seconds: waitAfter(rejections) }
}

function waitAfter(rejections: number): number {
  return Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** rejections)
}
