/** Scenarios S1, S2 and S6 of docs/refresh.md: many queries at once, and servers that stop and start. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { FaultLab, report, times } from './lab.js'

let lab: FaultLab
beforeAll(async () => {
  lab = await FaultLab.open({ replicas: 3 })
}, 60_000)
afterAll(() => lab.close())

it('S1: 500 queries at once for one account over three replicas cause one refresh [T41]', async () => {
  const [account] = await lab.stale(1)
  if (!account) throw new Error('no account')
  lab.provider.delay = 150
  const before = lab.provider.renewed
  const waits: number[] = []
  const answers = await Promise.all(
    Array.from({ length: 500 }, async () => {
      const began = Date.now()
      const answer = await lab.token(account)
      waits.push(Date.now() - began)
      return answer
    }),
  )
  lab.provider.delay = 0
  const tokens = new Set(answers.map((answer) => (answer?.__typename === 'OAuthToken' ? answer.accessToken : null)))
  const renewed = lab.provider.renewed - before
  report(
    'S1 500 queries at once, 1 account, 3 replicas',
    '1 refresh, all answered',
    `${renewed} refresh, ${tokens.has(null) ? 'not ' : ''}all answered, slowest ${Math.max(...waits)} ms`,
  )
  expect([renewed, tokens.size, tokens.has(null)]).toEqual([1, 1, false])
  expect(await lab.alive(account)).toBe(true)
  const { rows } = await lab.database.query(
    `select count(*)::int as reads, count(distinct details->>'request')::int as requests from audit_event
     where action = 'token.read' and outcome = 'SUCCEEDED' and identifier = $1`,
    [account.identifier],
  )
  // Every read is in the audit log under its own request; `alive` has read twice more.
  expect(rows).toEqual([{ reads: 502, requests: 502 }])
}, 60_000)

it('runs against a provider that ends the grant when a refresh token is used twice', async () => {
  const [account] = await lab.stale(1)
  if (!account) throw new Error('no account')
  expect(await lab.alive(account)).toBe(true)
  expect(await lab.provider.redeem(account.refreshToken)).toMatchObject({ error: 'invalid_grant' })
  await lab.expire([account])
  expect(await lab.token(account)).toMatchObject({
    __typename: 'AuthorizationRequired',
    status: 'REAUTHORIZATION_REQUIRED',
  })
})

it('S2: a thousand accounts whose tokens expired at once, five callers each [T41]', async () => {
  const accounts = await lab.stale(times(1000, 60))
  lab.provider.delay = 100
  lab.provider.mostUnderWay = 0
  const before = { renewed: lab.provider.renewed, revoked: lab.provider.revoked }
  const answers = await Promise.all(
    accounts.flatMap((account) => Array.from({ length: 5 }, () => lab.patiently(account, 120_000))),
  )
  lab.provider.delay = 0
  const renewed = lab.provider.renewed - before.renewed
  const revoked = lab.provider.revoked - before.revoked
  report(
    `S2 ${accounts.length} accounts, 5 callers each, 3 replicas`,
    `${accounts.length} refreshes, 0 revoked, at most 10 at once`,
    `${renewed} refreshes, ${revoked} revoked, at most ${lab.provider.mostUnderWay} at once`,
  )
  expect([renewed, revoked]).toEqual([accounts.length, 0])
  expect(lab.provider.mostUnderWay).toBeLessThanOrEqual(10)
  expect(lab.provider.mostUnderWay).toBeGreaterThan(1)
  expect(answers.filter((answer) => answer?.__typename !== 'OAuthToken')).toEqual([])
}, 300_000)

it('S6: servers that are stopped one after the other under load lose nothing', async () => {
  const accounts = await lab.stale(times(30, 8))
  lab.provider.delay = 30
  const before = lab.provider.revoked
  let rolling = true
  let faults = 0
  const load = accounts.map(async (account) => {
    while (rolling) {
      // A server that stops accepts no more connections; its callers ask the next one.
      const answer = await lab.token(account).catch((error) => {
        if (error instanceof SyntaxError) faults += 1
        return null
      })
      if (answer?.__typename === 'OAuthToken') await lab.expire([account])
    }
  })
  const rolls = times(20, 2)
  for (let roll = 0; roll < rolls; roll++) {
    const index = roll % 3
    expect(await lab.servers[index]?.signal('SIGTERM')).toEqual({ code: 0, signal: null })
    await lab.start(index)
    await sleep(200)
  }
  rolling = false
  await Promise.all(load)
  lab.provider.delay = 0
  const { lost, silent } = await lab.losses(accounts)
  const replays = lab.provider.revoked - before
  report(
    `S6 SIGTERM, ${rolls} rolls under load`,
    '0 lost, 0 replays, 0 faults',
    `${lost} lost, ${replays} replays, ${faults} faults`,
  )
  expect({ lost, silent, replays, faults }).toEqual({ lost: 0, silent: 0, replays: 0, faults: 0 })
}, 300_000)
