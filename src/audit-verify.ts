/**
 * `npm run audit:verify`: looks through the audit log for what was changed, removed, added or put in another order.
 *
 *   npm run audit:verify                                            what the database says of itself
 *   npm run audit:verify -- --from 812:hC3…                         and a checkpoint of the server's log
 *   npm run audit:verify -- --log server.log                        and all checkpoints of a log
 *
 * One line of JSON for each finding, and one for what was looked at. Ends with 1 where there is a finding, with 2 where
 * the log could not be looked at.
 */
import 'reflect-metadata'
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { type Finding, verifyAuditLog } from './audit/verify.js'
import { failed, withDatabase } from './command.js'

/** The checkpoints in a log of the server: lines of JSON. */
async function checkpointsIn(file: string): Promise<string[]> {
  const found: string[] = []
  for await (const line of createInterface({ input: createReadStream(file) }))
    if (line.includes('"audit.checkpoint"')) {
      const checkpoint: unknown = JSON.parse(line.slice(line.indexOf('{'))).checkpoint
      if (typeof checkpoint === 'string') found.push(checkpoint)
    }
  return found
}

async function main() {
  const { values } = parseArgs({
    options: { from: { type: 'string', multiple: true }, log: { type: 'string', multiple: true } },
  })
  const checkpoints = [...(values.from ?? [])]
  for (const file of values.log ?? []) checkpoints.push(...(await checkpointsIn(file)))
  await withDatabase('valetkey audit:verify', async ({ vault, pool }) => {
    let findings = 0
    const report = (finding: Finding) => {
      findings += 1
      process.stdout.write(`${JSON.stringify(finding)}\n`)
    }
    const verified = await verifyAuditLog(pool, vault.authenticationKey.bind(vault), checkpoints, report)
    process.stdout.write(`${JSON.stringify({ findings, ...verified, checkpoints: checkpoints.length })}\n`)
    if (findings > 0) process.exitCode = 1
  })
}

main().catch((error) => failed('The audit log could not be verified.', error))
