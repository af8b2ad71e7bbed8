/**
 * Scenario S11 of docs/refresh.md: a server that is stopped for longer than its leases last, with the provider's
 * answers in its sockets.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
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
