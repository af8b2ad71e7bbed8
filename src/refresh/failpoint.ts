import { existsSync, readFileSync, rmSync } from 'node:fs'

/**
 * Where a process can be made to die, for tests: before the claim, claimed and not sent, answered and
 * not written down, written down and not committed, committed, done. Inert unless a test says so. (P2,
 * when the provider has made up its mind and nothing has come back, is the provider's to arrange.)
 */
export type Failpoint = 'P0' | 'P1' | 'P3' | 'P4' | 'P5' | 'P6'

/**
 * @param file names the point at which this process kills itself, once; null for none
 * @returns what is called at each point. SIGKILL leaves no time for anything: that is the point
 */
export function failpointIn(file: string | null): (point: Failpoint) => void {
  if (file === null) return () => {}
  return (point) => {
    if (!existsSync(file) || readFileSync(file, 'utf8').trim() !== point) return
    rmSync(file)
    process.kill(process.pid, 'SIGKILL')
  }
}
