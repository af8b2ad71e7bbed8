/** Scenario S13 of docs/refresh.md: a machine is lost with its VALETKEY_DATA, while refreshes are under way. */
import path from 'node:path'
import { expect, it } from 'vitest'
import { FaultLab, report } from './lab.js'

it('S13: a process whose folder is lost: the next one says so, and every account ends up right', async () => {
  const lab = await FaultLab.open({ grace: 600 })
  const accounts = await lab.stale(3)
  const release = lab.provider.hold()
  const asked = accounts.map((account) => lab.token(account).catch(() => null))
  await expect.poll(() => lab.provider.underWay, { timeout: 20_000 }).toBe(3)
  await lab.servers[0]?.signal('SIGKILL')
  release()
  await Promise.all(asked)
  const environment = lab.environments[0] as Record<string, string>
  environment.VALETKEY_DATA = path.join(lab.data, 'another')
  await lab.start()
  const said = JSON.parse(
    lab.servers[0]?.output.split('\n').find((line) => line.includes('refresh.folder-lost')) ?? '{}',
  )
  expect(said).toMatchObject({ refreshes: 3, msg: expect.stringContaining('VALETKEY_DATA') })
  await lab.lapse()
  const now = await (await fetch(`${environment.PUBLIC_URL}/readyz?verbose`)).json()
  expect(now).toMatchObject({ status: 'ready', answersWaiting: 0, spoolFilesAside: 0 })
  const losses = await lab.losses(accounts)
  report('S13 a machine is lost with its folder, 3 refreshes under way', '0 lost, and said', `${losses.lost} lost`)
  expect(losses).toEqual({ lost: 0, silent: 0 })
  expect(await (await fetch(`${environment.PUBLIC_URL}/metrics`)).text()).toContain('\nvaletkey_refreshes_unknown 0')
  await lab.close()
}, 120_000)
