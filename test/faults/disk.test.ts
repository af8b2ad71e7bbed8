/** Scenario S17 of docs/refresh.md: the disk of one server takes nothing more, neither bytes nor files. */
import { execFileSync, spawnSync } from 'node:child_process'
import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { long, report } from './lab.js'
import { Trial, told } from './trial.js'

let trial: Trial
beforeAll(async () => {
  if (long) trial = await Trial.open({ replicas: ['direct', 'direct'], connections: 1 })
}, 60_000)
afterAll(() => trial?.close())

const DISKS = { bytes: 'size=64k', files: 'size=4m,nr_inodes=8' }

/** Fills a disk to the last byte, or to the last file. */
function fill(folder: string) {
  for (let file = 0; ; file++)
    try {
      const descriptor = openSync(path.join(folder, `full-${file}`), 'w')
      try {
        for (const size of [4096, 1]) for (;;) if (writeSync(descriptor, Buffer.alloc(size)) < size) break
      } finally {
        closeSync(descriptor)
      }
    } catch {
      try {
        writeFileSync(path.join(folder, 'one-more'), '.')
        throw new Error('the disk is not full')
      } catch (error) {
        if (['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '')) return
        if (!(error instanceof Error) || error.message !== 'the disk is not full') throw error
      }
    }
}

it.runIf(long).each(['bytes', 'files'] as const)(
  'S17: a disk without %s left costs no token',
  async (what) => {
    const folder = trial.environments[0]?.VALETKEY_DATA as string
    const name = `S17 a disk without ${what} left, refreshes and a SIGKILL meanwhile`
    await trial.servers[0]?.signal('SIGTERM')
    mkdirSync(folder, { recursive: true })
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', DISKS[what], 'tmpfs', folder], { encoding: 'utf8' })
    if (mounted.status !== 0) {
      report(name, '0 lost', `not tried: ${mounted.stderr}`)
      throw new Error(`A tmpfs cannot be mounted here: ${mounted.stderr}`)
    }
    try {
      await trial.start(0)
      const subjects = await trial.subjects(10)
      fill(folder)
      await Promise.all(subjects.map((subject) => trial.token(subject, 0)))
      // Again, with a server that is killed while the answers wait for their commits, and starts on the full disk.
      await trial.expire(subjects)
      const client = await trial.database.connect()
      await client.query('begin')
      await client.query('select 1 from connected_account where id = any($1) for update', [
        subjects.map(({ id }) => id),
      ])
      const asked = subjects.map((subject) => trial.token(subject, 0).catch(() => null))
      const kept = () =>
        trial.database
          .query('select count(*)::int as count from refresh_answer where account_id = any($1)', [
            subjects.map(({ id }) => id),
          ])
          .then(({ rows }) => rows[0].count)
      await expect.poll(kept, { timeout: 20_000 }).toBe(subjects.length)
      const others = subjects.map((subject) => trial.token(subject, 1).catch(() => null))
      await trial.kill(0)
      await client.query('rollback')
      client.release()
      await trial.start(0)
      await Promise.all([...asked, ...others])
      await sleep(5_000)
      const found = await trial.verdict(subjects)
      report(name, '0 lost', told(found))
      expect(found, trial.stories.join('\n')).toMatchObject({ lost: 0, silent: 0, dead: 0 })
    } finally {
      await trial.servers[0]?.signal('SIGKILL')
      execFileSync('umount', ['-l', folder])
      await trial.start(0)
    }
  },
  240_000,
)
