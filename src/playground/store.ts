import type { Adapter, AdapterPayload } from 'oidc-provider'
import type { Pool } from 'pg'
import { storable, storableValue } from '../text.js'

const FIND = `
  select payload, extract(epoch from consumed_at)::int as consumed
  from playground_record
  where (expires_at is null or expires_at > now()) and model = $1 and `

/**
 * The adapter by which oidc-provider stores its records in PostgreSQL, so that its grants survive a restart and
 * replicas share them.
 *
 * @param model one of oidc-provider's models, such as RefreshToken
 */
export function playgroundStore(pool: Pool, model: string): Adapter {
  const find = async (column: 'id' | 'uid' | 'user_code', value: string): Promise<AdapterPayload | undefined> => {
    const { rows } = await pool.query(`${FIND}${column} = $2`, [model, storable(value)])
    return rows[0] && { ...rows[0].payload, ...(rows[0].consumed ? { consumed: rows[0].consumed } : {}) }
  }
  return {
    async upsert(id, payload, expiresIn) {
      await pool.query(
        `insert into playground_record (model, id, payload, grant_id, uid, user_code, expires_at)
         values ($1, $2, $3, $4, $5, $6, now() + make_interval(secs => $7))
         on conflict (model, id) do update
         set payload = excluded.payload, grant_id = excluded.grant_id, uid = excluded.uid,
           user_code = excluded.user_code, expires_at = excluded.expires_at`,
        [
          model,
          id,
          JSON.stringify(storableValue(payload)),
          payload.grantId ?? null,
          payload.uid ?? null,
          payload.userCode ?? null,
          expiresIn ?? null,
        ],
      )
    },
    find: (id) => find('id', id),
    findByUid: (uid) => find('uid', uid),
    findByUserCode: (userCode) => find('user_code', userCode),
    async consume(id) {
      await pool.query('update playground_record set consumed_at = now() where model = $1 and id = $2', [model, id])
    },
    async destroy(id) {
      await pool.query('delete from playground_record where model = $1 and id = $2', [model, id])
    },
    async revokeByGrantId(grantId) {
      await pool.query('delete from playground_record where model = $1 and grant_id = $2', [model, grantId])
    },
  }
}

/** The provider's keys, created once and shared by every replica. Not encrypted: its tokens protect nothing. */
export async function playgroundKeys<T>(pool: Pool, make: () => Promise<T>): Promise<T> {
  await pool.query(
    "insert into playground_record (model, id, payload) values ('Keys', 'keys', $1) on conflict do nothing",
    [JSON.stringify(await make())],
  )
  const { rows } = await pool.query("select payload from playground_record where model = 'Keys' and id = 'keys'")
  return rows[0].payload
}
