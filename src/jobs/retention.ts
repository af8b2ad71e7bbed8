/** How long what nobody needs any more is kept: docs/operations.md has the table. */
import type { Pool } from 'pg'
import type { Retention } from '../config.js'
import type { Job } from './jobs.js'

/** Rows that one statement deletes: no lock is held for long. */
const AT_ONCE = 5_000

interface Rule {
  table: string
  key: string
  /** What may go; $1 is the number of days. */
  where: string
  days: number
}

export function retentionJob(pool: Pool, retention: Retention): Job {
  const rules = rulesOf(retention)
  return {
    name: 'retention',
    schedule: retention.schedule,
    longest: 3600,
    async run(signal) {
      for (const rule of rules) await clear(pool, rule, signal)
    },
  }
}

function rulesOf({ auditDays, linkDays, requestDays }: Retention): Rule[] {
  const older = (column: string) => `${column} < now() - make_interval(days => $1)`
  const rules: Rule[] = [
    // The PKCE verifier and what the user entered are in here, sealed.
    { table: 'authorization_request', key: 'id', where: older('expires_at'), days: requestDays },
    { table: 'authorization_link', key: 'id', where: older('expires_at'), days: linkDays },
    { table: 'audit_event', key: 'id', where: older('at'), days: auditDays },
    // A week is the longest that a session lives, whatever its use.
    { table: 'session', key: 'id', where: older('created_at'), days: 7 },
    { table: 'playground_record', key: 'model, id', where: older('expires_at'), days: 1 },
  ]
  return rules.filter(({ days }) => days > 0)
}

async function clear(pool: Pool, { table, key, where, days }: Rule, signal: AbortSignal) {
  let deleted: number | null
  do {
    const { rowCount } = await pool.query(
      `delete from ${table} where (${key}) in (select ${key} from ${table} where ${where} limit ${AT_ONCE})`,
      [days],
    )
    deleted = rowCount
  } while (deleted === AT_ONCE && !signal.aborted)
}
