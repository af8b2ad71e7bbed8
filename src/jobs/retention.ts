/** Deletes expired rows, after the periods in the table of docs/operations.md. */
import type { Pool } from 'pg'
import type { Retention } from '../config.js'
import type { Job } from './jobs.js'

/** Rows that one statement deletes at most, so that it holds its locks only for a short time. */
const AT_ONCE = 5_000

interface Rule {
  table: string
  key: string
  /** Condition for the rows to delete; $1 is the number of days. */
  where: string
  days: number
}

/**
 * The job that deletes expired rows. A period of 0 days keeps them for ever.
 *
 * @param audit ends what is too old of the audit log, which has a way of its own
 */
export function retentionJob(
  pool: Pool,
  retention: Retention,
  audit: (days: number, signal: AbortSignal) => Promise<void>,
): Job {
  const rules = rulesOf(retention)
  return {
    name: 'retention',
    schedule: retention.schedule,
    longest: 3600,
    async run(signal) {
      for (const rule of rules) await clear(pool, rule, signal)
      await audit(retention.auditDays, signal)
    },
  }
}

function rulesOf({ linkDays, requestDays }: Retention): Rule[] {
  const older = (column: string) => `${column} < now() - make_interval(days => $1)`
  const rules: Rule[] = [
    // These rows hold the PKCE verifier and the values that the user entered, encrypted.
    { table: 'authorization_request', key: 'id', where: older('expires_at'), days: requestDays },
    { table: 'authorization_link', key: 'id', where: older('expires_at'), days: linkDays },
    // A session ends after a week at the latest (sessions.ts).
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
