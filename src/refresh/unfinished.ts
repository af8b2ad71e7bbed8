/** What refreshes have left unfinished, in numbers: for the metrics, and for `/readyz?verbose`. */
import type { Answers } from './answers.js'
import type { Leases } from './lease.js'
import type { Spool } from './spool.js'

/** Adds a number to the metrics; `read` is called whenever they are read. */
export type AddGauge = (name: string, help: string, read: () => number | Promise<number>) => void

export class Unfinished {
  constructor(
    private readonly answers: Answers,
    private readonly spool: Spool,
    private readonly leases: Leases,
  ) {}

  measure(gauge: AddGauge) {
    gauge('valetkey_answers_waiting', 'Answers to refreshes that are not in their account yet.', () =>
      this.answers.count(),
    )
    gauge('valetkey_refreshes_unknown', 'Refreshes whose outcome nobody knows yet.', () =>
      this.leases.unknownOutcomes(),
    )
    gauge('valetkey_spool_files_aside', 'Files of the spool that nobody can read.', () => this.spool.asideCount())
  }

  async counts() {
    return {
      answersWaiting: await this.answers.count(),
      refreshesUnknown: await this.leases.unknownOutcomes(),
      spoolFilesAside: this.spool.asideCount(),
    }
  }
}
