/**
 * Scenarios S20 and S21 of docs/refresh.md: what a server finds when it starts. Its VALETKEY_DATA was lost while
 * refreshes were under way; or the spool in it is full of odd files, and of an answer that its row does not take.
 */

import { execFileSync } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { rmSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { FaultLab, report } from './lab.js'

it('S20: a process whose folder is lost: the next one says so, and every account ends up right', async () => {
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
  // A folder that is taken away while a server runs is made again.
  rmSync(path.join(environment.VALETKEY_DATA as string, 'spool'), { recursive: true })
  const now = await (await fetch(`${environment.PUBLIC_URL}/readyz?verbose`)).json()
  expect(now).toMatchObject({ status: 'ready', answersWaiting: 0, spoolFilesAside: 0 })
  const losses = await lab.losses(accounts)
  report('S20 a machine is lost with its folder, 3 refreshes under way', '0 lost, and said', `${losses.lost} lost`)
  expect(losses).toEqual({ lost: 0, silent: 0 })
  expect(await (await fetch(`${environment.PUBLIC_URL}/metrics`)).text()).toContain('\nvaletkey_refreshes_unknown 0')
  await lab.close()
}, 120_000)

it('S21: a start with a spool full of odd answers serves everybody, and keeps what may be needed', async () => {
  const lab = await FaultLab.open()
  const [odd, ...others] = await lab.stale(4)
  if (!odd) throw new Error('no account')
  lab.dieAt('P4')
  await lab.token(odd).catch(() => null)
  await lab.servers[0]?.exited
  // The row of one account does not take its answer.
  await lab.database.query(
    `do $$ begin execute format(
       'alter table credential add constraint odd check (account_id <> %L or version < 2)',
       (select id from connected_account where identifier = '${odd.identifier}')
     ); end $$`,
  )
  const spool = path.join((lab.environments[0] as Record<string, string>).VALETKEY_DATA as string, 'spool')
  for (let i = 0; i < 1000; i++)
    writeFileSync(path.join(spool, `${randomUUID()}.1.${i}`), i % 3 === 0 ? Buffer.alloc(i * 8) : randomBytes(i))
  // Neither ends, and neither is read.
  execFileSync('mkfifo', [path.join(spool, `${randomUUID()}.1.1`)])
  symlinkSync('/dev/zero', path.join(spool, `${randomUUID()}.1.1`))
  const began = performance.now()
  await lab.start()
  const took = performance.now() - began
  for (const account of others) expect(await lab.alive(account)).toBe(true)
  expect(lab.servers[0]?.output).toContain('answer.unstorable')
  expect(await lab.token(odd)).toMatchObject({ __typename: 'ProviderUnavailable' })
  const metrics = await (await fetch(`${lab.environments[0]?.PUBLIC_URL}/metrics`)).text()
  expect(metrics).toContain('\nvaletkey_refreshes_unknown 1')
  // What kept it out is gone: the answer is there still.
  await lab.database.query('alter table credential drop constraint odd')
  await lab.servers[0]?.signal('SIGTERM')
  const usual = performance.now()
  await lab.start()
  const ratio = took / (performance.now() - usual)
  const { lost, silent } = await lab.losses([odd])
  report(
    'S21 a start with 1000 odd files in the spool, and an answer that its row does not take',
    'everybody is served; 0 lost',
    `${lost} lost; the start took ${ratio.toFixed(1)} times as long as usual`,
  )
  expect({ lost, silent, replays: lab.provider.revoked }).toEqual({ lost: 0, silent: 0, replays: 0 })
  await lab.close()
}, 120_000)
