/**
 * `npm run vault`: the data keys that seal, and what they have sealed.
 *
 *   npm run vault                  lists the data keys, with how many values each of them has sealed
 *   npm run vault -- rotate        adds one, which seals from a minute later on; the servers seal anew what others did
 *   npm run vault -- check         opens every sealed value, and lists those that cannot be opened
 *   npm run vault -- retire <id>   forgets one that nothing needs any more
 *
 * One line of JSON for each thing listed, and one for the whole. Ends with 1 where something cannot be opened or
 * retired, with 2 where the database could not be looked at.
 */
import 'reflect-metadata'
import { parseArgs } from 'node:util'
import { AuditTrail } from './audit/audit.js'
import { CHAIN } from './audit/chain.js'
import { failed, type Opened, withDatabase } from './command.js'
import { StartRefused } from './errors.js'
import { SEALED_TABLES } from './orm.js'
import { LEAD, NotRetired } from './vault/data-keys.js'
import { type Cursor, countByDataKey, nextValues, tryOpen } from './vault/sealed-tables.js'

/** Rows that are read at once. */
const AT_ONCE = 500
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const USAGE = 'npm run vault [-- rotate | check | retire <id>]'

const say = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`)
const trail = new AuditTrail('valetkey', null, 'npm run vault')

async function list({ vault, pool }: Opened) {
  const counts = await countByDataKey(pool, SEALED_TABLES)
  const keys = await vault.dataKeys.list()
  for (const key of keys) {
    say({ ...key, values: counts.get(key.id) ?? {} })
    counts.delete(key.id)
  }
  for (const [id, values] of counts) say({ id, state: 'UNKNOWN', values })
}

async function rotate({ vault }: Opened, lead: number) {
  const added = await vault.dataKeys.rotate(lead, (em, id) =>
    trail.record(em, { action: 'data_key.created', details: { dataKey: id } }),
  )
  say({ created: added.id, sealsFrom: added.sealsFrom })
}

async function check({ vault, pool }: Opened) {
  let opened = 0
  let broken = 0
  for (const table of SEALED_TABLES) {
    let cursor: Cursor = null
    do {
      const batch = await nextValues(pool, table, cursor, AT_ONCE)
      for (const value of batch.values) {
        const result = tryOpen(vault, table.table, value)
        if (typeof result === 'string') opened += 1
        else {
          broken += 1
          say(result)
        }
      }
      cursor = batch.cursor
    } while (cursor)
  }
  say({ opened, unreadable: broken })
  if (broken > 0) process.exitCode = 1
}

async function retire({ vault, pool }: Opened, id: string) {
  const using = async () =>
    Object.entries((await countByDataKey(pool, SEALED_TABLES)).get(id) ?? {}).map(
      ([table, count]) => `${count} values of ${table}`,
    )
  await vault.dataKeys.retire(id, [CHAIN], using, (em) =>
    trail.record(em, { action: 'data_key.retired', details: { dataKey: id } }),
  )
  say({ retired: id })
}

async function main() {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { in: { type: 'string', default: String(LEAD) } },
  })
  const [what, id] = positionals
  const lead = Number(values.in)
  const isKnown = positionals.length === (what === 'retire' ? 2 : what === undefined ? 0 : 1)
  const work = {
    list,
    check,
    rotate: (opened: Opened) => rotate(opened, lead),
    retire: (opened: Opened) => retire(opened, id ?? ''),
  }[what ?? 'list']
  const isId = what !== 'retire' || UUID.test(id ?? '')
  if (!work || !isKnown || !isId || !Number.isInteger(lead) || lead < 0) throw new StartRefused([`Use it so: ${USAGE}`])
  await withDatabase('valetkey vault', work)
}

main().catch((error) => {
  if (!(error instanceof NotRetired)) return failed('Nothing was done.', error)
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
})
