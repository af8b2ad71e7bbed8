/**
 * `npm run test:rotation`: another data key takes over a hundred thousand accounts, while servers are killed and tokens
 * are asked for.
 */
import { randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { newUuid } from '../../src/ids.js'
import { openOrm } from '../../src/orm.js'
import { Keyring } from '../../src/vault/key-wrapping.js'
import { Vault } from '../../src/vault/vault.js'
import { command } from '../support/process.js'
import { encryptionKeys } from '../support/world.js'
import { FaultLab, long, report } from './lab.js'

/** Accounts whose values are sealed anew. */
const ROWS = 100_000
const KILLS = 20
/** Accounts that are refreshed all the time. */
const LIVE = 40

let lab: FaultLab
beforeAll(async () => {
  if (long) lab = await FaultLab.open({ replicas: 3, grace: 600 })
}, 120_000)
afterAll(() => lab?.close())

/** Stores accounts by the thousand: as the server would, but in SQL. */
async function fill(rows: number) {
  const [pattern] = await lab.stale(1)
  const url = lab.environments[0]?.DATABASE_URL as string
  const { orm } = await openOrm(url, 1)
  const vault = await Vault.open(
    orm,
    new Keyring([{ id: 'test', key: Buffer.from(encryptionKeys.replace('test:', ''), 'base64') }]),
  )
  const { rows: found } = await lab.database.query(
    'select account_id, version from credential join connected_account a on a.id = account_id where a.identifier = $1',
    [pattern?.identifier],
  )
  const { account_id, version } = found[0]
  for (let at = 0; at < rows; at += 1_000) {
    const ids = Array.from({ length: 1_000 }, () => newUuid())
    const place = (row: string, column: string) => ({ table: 'credential', column, row, version })
    const secret = (row: string) => ({
      accessToken: `of-${row}`,
      tokenType: 'Bearer',
      named: {},
      captured: {},
      found: {},
      fields: {},
    })
    await lab.database.query(
      `insert into connected_account
       select (jsonb_populate_record(a, jsonb_build_object('id', u, 'identifier', u))).*
       from connected_account a, unnest($2::uuid[]) u where a.id = $1`,
      [account_id, ids],
    )
    await lab.database.query(
      `insert into credential
       select (jsonb_populate_record(c, jsonb_build_object('account_id', u.id, 'access', u.access, 'refresh', u.refresh,
         'expires_at', now() + interval '1 day'))).*
       from credential c, unnest($2::uuid[], $3::bytea[], $4::bytea[]) as u (id, access, refresh)
       where c.account_id = $1`,
      [
        account_id,
        ids,
        ids.map((id) => vault.seal(JSON.stringify(secret(id)), place(id, 'access'))),
        ids.map((id) => vault.seal(`refresh-of-${id}`, place(id, 'refresh'))),
      ],
    )
  }
  await orm.close(true)
}

interface Line {
  state?: string
  values?: Record<string, number>
  unreadable?: number
  opened?: number
}
const vault = async (...args: string[]): Promise<Line[]> => {
  const { output } = await command('vault-command', lab.environments[0] as Record<string, string>, args)
  return output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
}

/** Values of accounts that the newest data key has not sealed, where it seals already. */
async function left(): Promise<number> {
  const { rows } = await lab.database.query(
    `select count(*)::int as count from credential,
       (select id from data_key where usable_from < now() order by usable_from desc limit 1) as newest
     where encode(substring(access from 2 for 16), 'hex') <> replace(newest.id::text, '-', '')`,
  )
  return rows[0].count
}

it.runIf(long)(
  'a hundred thousand accounts are sealed anew under load, with servers killed meanwhile',
  async () => {
    await fill(ROWS)
    const live = await lab.stale(LIVE)
    const { rows } = await lab.database.query(
      'select identifier from connected_account where identifier like $1 limit 500',
      ['%-%-%-%-%'],
    )
    const others = rows.map(({ identifier }) => identifier as string)
    let goesOn = true
    let asked = 0
    const wrong: string[] = []
    const agents = Array.from({ length: 8 }, async (_, agent) => {
      while (goesOn) {
        const identifier = others[randomInt(others.length)] as string
        const account = { connection: lab.connections[0] as string, identifier, refreshToken: '' }
        const token = await lab.token(account).catch(() => null)
        if (token?.__typename === 'OAuthToken') {
          asked += 1
          if (token.accessToken !== `of-${identifier}`) wrong.push(`${identifier}: ${token.accessToken}`)
        } else if (token) wrong.push(`${identifier}: ${token.__typename}`)
        const mine = live[(agent * 5 + randomInt(5)) % LIVE]
        if (mine && (await lab.token(mine).catch(() => null))?.__typename === 'OAuthToken') await lab.expire([mine])
      }
    })
    let rotations = 0
    let kills = 0
    while (kills < KILLS) {
      if ((await left()) === 0) {
        await vault('rotate', '--in', '8')
        rotations += 1
        await expect.poll(left, { timeout: 60_000, interval: 500 }).toBeGreaterThan(0)
      }
      await sleep(200 + randomInt(2_000))
      const replica = randomInt(lab.environments.length)
      await lab.servers[replica]?.signal('SIGKILL')
      kills += 1
      await lab.start(replica)
    }
    await expect
      .poll(async () => (await vault()).filter(({ state }) => state !== 'SEALS'), { timeout: 300_000, interval: 2_000 })
      .toEqual(Array.from({ length: rotations }, () => expect.objectContaining({ state: 'OPENS', values: {} })))
    goesOn = false
    await Promise.all(agents)
    const summary = (await vault('check')).at(-1) as Line
    const { lost, silent } = await lab.losses(live)
    report(
      'A hundred thousand accounts sealed anew under load, servers killed meanwhile',
      '0 unreadable, 0 lost',
      `${rotations} new data keys, ${kills} kills, ${asked} tokens: ${summary.unreadable} of ${summary.opened} ` +
        `values unreadable, ${lost} lost, ${silent} in silence`,
    )
    expect({ unreadable: summary.unreadable, wrong, lost }).toEqual({ unreadable: 0, wrong: [], lost: 0 })
    expect(summary.opened).toBeGreaterThan(2 * ROWS)
  },
  900_000,
)
