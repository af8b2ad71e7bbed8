import { existsSync, readFileSync, rmSync } from 'node:fs'

/**
 * Points at which tests can kill the process; nothing happens in normal use.
 *
 *   P0  before the claim                       P4  answer in the spool, not committed
 *   P1  claimed, not sent                      P5  committed, answer still in the spool
 *   P3  answered, not in the spool             P6  done
 *
 * P2, when the provider has rotated the token and not answered yet, is simulated by the tests' provider.
 */
export type Failpoint = 'P0' | 'P1' | 'P3' | 'P4' | 'P5' | 'P6'

/**
 * @param file its content names the point at which this process kills itself, once; null turns this off
 * @returns a function to call at each point
 */
export function failpointIn(file: string | null): (point: Failpoint) => void {
  if (file === null) return () => {}
  return (point) => {
    if (!existsSync(file) || readFileSync(file, 'utf8').trim() !== point) return
    rmSync(file)
    process.kill(process.pid, 'SIGKILL')
  }
}
