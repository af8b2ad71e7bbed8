import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openOrm } from '../src/orm.js'
import { Keyring } from '../src/vault/key-wrapping.js'
import { type Place, Vault } from '../src/vault/vault.js'
import { createConnection, importTokens, readToken } from './support/documents.js'
import { createWorld, newDatabase, type World } from './support/world.js'

const key = (id: string) => ({ id, key: randomBytes(32) })

describe('the vault', () => {
  let database: Awaited<ReturnType<typeof openOrm>>
  beforeAll(async () => {
    database = await openOrm(await newDatabase())
  })
  afterAll(() => database.orm.close(true))
  const open = (...keys: { id: string; key: Buffer }[]) => Vault.open(database.orm, new Keyring(keys))
  const first = key('first')
  const place: Place = {
    table: 'credential',
    column: 'access',
    row: '018f5e2a-0000-7000-8000-000000000001',
    version: 3,
  }

  it('opens what it sealed, whatever it is, and never seals to the same bytes twice', async () => {
    const vault = await open(first)
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 300 }),
        (text) => vault.open(vault.seal(text, place), place) === text,
      ),
    )
    expect(vault.seal('same', place)).not.toEqual(vault.seal('same', place))
    expect(vault.seal('a', place).length).toBe(vault.seal('a'.repeat(40), place).length)
  })

  it('opens a value only in its own place [T37, T38]', async () => {
    const vault = await open(first)
    const sealed = vault.seal('a secret', place)
    for (const other of [
      { table: 'connection_secret' },
      { column: 'refresh' },
      { row: '018f5e2a-0000-7000-8000-000000000002' },
      { version: 2 },
      { version: undefined },
    ]) {
      expect(() => vault.open(sealed, { ...place, ...other })).toThrow(/damaged or was made for another place/)
    }
  })

  it('detects every changed bit, and a truncated tag', async () => {
    const vault = await open(first)
    const sealed = vault.seal('a secret', place)
    for (let i = 0; i < sealed.length; i++) {
      const changed = Buffer.from(sealed)
      changed[i] = (changed[i] as number) ^ 1
      expect(() => vault.open(changed, place)).toThrow()
    }
    for (const cut of [0, 4, 12, 15, 16])
      expect(() => vault.open(sealed.subarray(0, sealed.length - cut - 1), place)).toThrow()
    expect(() => vault.open(Buffer.from('a secret'), place)).toThrow(/not in a known format/)
  })

  it('seals with a new first key, and still opens what the old one sealed [T39]', async () => {
    const sealed = (await open(first)).seal('kept', place)
    const second = key('second')
    expect((await open(second, first)).open(sealed, place)).toBe('kept')
    expect((await open(second)).open(sealed, place)).toBe('kept')
    await expect(open(first)).rejects.toThrow(
      /sealed under the encryption key second, which VALETKEY_ENCRYPTION_KEYS does not hold \(it holds first\)/,
    )
    await expect(open({ id: 'second', key: randomBytes(32) })).rejects.toThrow(
      /is not the one that sealed the stored secrets, though it has the same id/,
    )
  })

  it('is opened by the old key after a change of keys was cut short, which is repeated then [T39]', async () => {
    const fresh = await openOrm(await newDatabase(), undefined, 'owner')
    const openFresh = (...keys: { id: string; key: Buffer }[]) => Vault.open(fresh.orm, new Keyring(keys))
    const [old, next] = [key('old'), key('next')]
    const sealed = (await openFresh(old)).seal('kept', place)
    await fresh.pool.query(`
      create function cut_short() returns trigger language plpgsql as $$ begin raise exception 'cut short'; end $$;
      create trigger cut_short after update on data_key for each row execute function cut_short()`)
    await expect(openFresh(next, old)).rejects.toThrow('cut short')
    expect((await openFresh(old)).open(sealed, place)).toBe('kept')
    await fresh.pool.query('drop trigger cut_short on data_key')
    expect((await openFresh(next, old)).open(sealed, place)).toBe('kept')
    expect((await openFresh(next)).open(sealed, place)).toBe('kept')
    await fresh.orm.close(true)
  })

  it('creates one data key when many replicas start at once', async () => {
    const fresh = await openOrm(await newDatabase())
    const keys = key('one')
    const vaults = await Promise.all(Array.from({ length: 5 }, () => Vault.open(fresh.orm, new Keyring([keys]))))
    const sealed = (vaults[0] as Vault).seal('shared', place)
    for (const vault of vaults) expect(vault.open(sealed, place)).toBe('shared')
    expect((await fresh.pool.query('select 1 from data_key')).rowCount).toBe(1)
    await fresh.orm.close(true)
  })
})

describe('sealed rows', () => {
  let world: World
  beforeAll(async () => {
    world = await createWorld()
    await world.get(createConnection, {
      input: {
        connector: 'gmail',
        fields: [
          { key: 'client_id', value: 'a' },
          { key: 'client_secret', value: 'b' },
        ],
      },
    })
    for (const identifier of ['ada', 'eve'])
      await world.get(importTokens, {
        input: {
          connection: 'gmail',
          identifier,
          oauth2: { accessToken: `token-of-${identifier}`, refreshToken: `refresh-of-${identifier}` },
        },
      })
  })
  afterAll(() => world.close())
  const read = () => world.ask(readToken, { connection: 'gmail', identifier: 'eve' })
  const put = (access: Buffer) =>
    world.pool.query(
      "update credential set access = $1 from connected_account a where a.id = account_id and a.identifier = 'eve'",
      [access],
    )
  const stored = async (identifier: string, column = 'access') =>
    (
      await world.pool.query(
        `select credential.${column} as sealed from credential
         join connected_account a on a.id = account_id where a.identifier = $1`,
        [identifier],
      )
    ).rows[0].sealed as Buffer

  it("do not open in another user's row, in another column, or when restored after a change [T37, T38]", async () => {
    const before = await stored('eve')
    for (const foreign of [await stored('ada'), await stored('eve', 'refresh')]) {
      await put(foreign)
      const { errors, data } = await read()
      expect([errors?.[0]?.extensions.code, data.connectedAccount]).toEqual(['INTERNAL_SERVER_ERROR', null])
    }
    await put(before)
    expect((await read()).data.connectedAccount?.token).toMatchObject({ accessToken: 'token-of-eve' })
    await world.get(importTokens, {
      input: { connection: 'gmail', identifier: 'eve', oauth2: { accessToken: 'newer' } },
    })
    await put(before)
    expect((await read()).errors?.[0]?.extensions.code).toBe('INTERNAL_SERVER_ERROR')
  })
})
