/**
 * Scenario S11 of docs/refresh.md: a server that is stopped for longer than its leases last, with the provider's
 * answers in its sockets.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { ServerProcess } from '../support/process.js'
import { freePort } from '../support/world.js'
import { FaultLab, long, report, times } from './lab.js'

it.each(
  (
    [
      ['strict', 0],
      ['with grace', 600],
    ] as const
  ).filter(([kind]) => long || kind === 'with grace'),
)(
  'S11: a server is stopped in the middle of refreshes, for longer than a lease, provider %s',
  async (kind, grace) => {
    const lab = await FaultLab.open({ replicas: 2, grace, connections: 5 })
    const accounts = await lab.stale(times(50, 10))
    const release = lab.provider.hold()
    const asked = accounts.map((account) => lab.token(account, 0).catch(() => null))
    await expect.poll(() => lab.provider.underWay, { timeout: 20_000 }).toBe(accounts.length)
    lab.servers[0]?.pause()
    release()
    await expect.poll(() => lab.provider.underWay, { timeout: 20_000 }).toBe(0)
    if (long) await sleep(65_000)
    else await lab.lapse()
    const meanwhile = await Promise.all(accounts.map((account) => lab.token(account, 1)))
    lab.servers[0]?.resume()
    await Promise.all(asked)
    // What the stopped server brings late contradicts what is stored: whichever is handed out has been tried.
    const after = await Promise.all(accounts.map((account) => lab.patiently(account)))
    const works = await Promise.all(
      after.map((answer) => answer?.__typename === 'OAuthToken' && lab.provider.takes(answer.accessToken)),
    )
    const older = works.filter((itDoes, index) => !itDoes && meanwhile[index]?.__typename === 'OAuthToken').length
    const { lost, silent } = await lab.losses(accounts)
    report(
      `S11 SIGSTOP for longer than a lease, ${accounts.length} refreshes, provider ${kind}`,
      kind === 'strict' ? 'every loss flagged' : '0 lost, nothing older stored',
      `${lost} lost, ${silent} in silence, ${older} replaced by older`,
    )
    expect({ lost: kind === 'strict' ? 0 : lost, silent, older: kind === 'strict' ? 0 : older }).toEqual({
      lost: 0,
      silent: 0,
      older: 0,
    })
    await lab.close()
  },
  240_000,
)

it.runIf(long)(
  'S24: a server that is stopped keeps what is in its sockets, also where another starts in its folder',
  async () => {
    const lab = await FaultLab.open()
    const [account] = await lab.stale(1)
    if (!account) throw new Error('no account')
    const release = lab.provider.hold()
    const asked = lab.token(account, 0).catch(() => null)
    await expect.poll(() => lab.provider.underWay, { timeout: 20_000 }).toBe(1)
    lab.servers[0]?.pause()
    release()
    await expect.poll(() => lab.provider.underWay, { timeout: 20_000 }).toBe(0)
    await lab.database.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and pid <> pg_backend_pid()`,
    )
    const port = String(await freePort())
    const url = `http://127.0.0.1:${port}`
    lab.environments[1] = { ...(lab.environments[0] as Record<string, string>), PORT: port, PUBLIC_URL: url }
    lab.servers[1] = await new ServerProcess(lab.environments[1]).ready()
    expect(await lab.token(account, 1)).toMatchObject({ __typename: 'ProviderUnavailable' })
    lab.servers[0]?.resume()
    await asked
    const losses = await lab.losses([account])
    report(
      'S24 a server is stopped with an answer in its socket, and another starts in its folder',
      '0 lost',
      `${losses.lost} lost`,
    )
    expect(losses).toEqual({ lost: 0, silent: 0 })
    await lab.close()
  },
  120_000,
)
