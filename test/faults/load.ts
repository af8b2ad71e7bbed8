/** Steady load: agents that ask for tokens which have run out, and users who come back when a grant is lost. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Subject, Trial } from './trial.js'

export interface Load {
  /** Every account that there was. */
  readonly subjects: Subject[]
  stop(): Promise<void>
}

/** @param countOfEach accounts of each provider that are asked for all the time */
export async function load(trial: Trial, countOfEach: number): Promise<Load> {
  const subjects = await trial.subjects(countOfEach)
  let goesOn = true
  const agents = [...subjects].map(async (first) => {
    let subject = first
    while (goesOn) {
      const answer = await trial.token(subject).catch(() => null)
      if (answer?.__typename === 'OAuthToken') await trial.expire([subject]).catch(() => {})
      if (answer?.__typename === 'AuthorizationRequired') {
        const [next] = await trial.subjects(1, [subject.kind]).catch(() => [])
        if (next) subjects.push(next)
        subject = next ?? subject
      }
      await sleep(100 + Math.random() * 400)
    }
  })
  return {
    subjects,
    stop: async () => {
      goesOn = false
      await Promise.all(agents)
    },
  }
}

/** Milliseconds at random. */
export const between = (from: number, to: number) => from + Math.random() * (to - from)

export const oneOf = <T>(list: readonly T[]) => list[Math.floor(Math.random() * list.length)] as T
