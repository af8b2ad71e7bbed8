import { ValetkeyError } from '../errors.js'
import type { Warn } from '../log.js'
import type { Provider } from '../oauth/provider.js'
import { TokenFailure } from '../oauth/token-endpoint/token-failure.js'
import type { TokenSet } from '../oauth/token-endpoint/token-set.js'
import type { Outcomes } from './outcome.js'
import type { Preparation, Prepared } from './prepare.js'
import type { Spool, SpooledRefresh } from './spool.js'

/** Stores the answers that an earlier process received and did not get to store. */
export class Replay {
  constructor(
    private readonly spool: Spool,
    private readonly preparation: Preparation,
    private readonly provider: Provider,
    private readonly outcomes: Outcomes,
    private readonly warn: Warn,
  ) {}

  /**
   * Runs before anything is served: another replica takes the lease over when it has lapsed, and would
   * spend the token once more.
   *
   * @returns how many answers there were
   */
  async run(): Promise<number> {
    const entries = this.spool.entries((file) =>
      this.warn(
        'spool.unreadable',
        'An answer in the spool was sealed by keys that this server does not have. Start with the keys of before to store it.',
        { file },
      ),
    )
    for (const entry of entries) await this.store(entry)
    return entries.length
  }

  private async store(entry: SpooledRefresh) {
    const { accountUuid, claim, remove } = entry
    const prepared = await this.preparation.of(accountUuid, claim).catch((error) => {
      if (error instanceof ValetkeyError) return null
      throw error
    })
    if (!prepared) {
      this.warn(
        'spool.connection-unavailable',
        'An answer in the spool belongs to a connection whose connector this server does not offer; the next start tries it again.',
        { account: accountUuid },
      )
      return
    }
    if (!('kind' in prepared)) {
      const answer = this.read(entry, prepared)
      if (answer instanceof TokenFailure) await this.outcomes.fail(accountUuid, claim, answer)
      else {
        await this.outcomes.commit(accountUuid, claim, answer, prepared)
        this.warn('spool.stored', 'An answer that an earlier process did not get to store is stored now.', {
          account: accountUuid,
        })
      }
    }
    remove()
  }

  private read({ spooled }: SpooledRefresh, { setup }: Prepared): TokenSet | TokenFailure {
    try {
      return this.provider.readStoredAnswer(setup, spooled.answer, spooled.sentAt)
    } catch (error) {
      if (error instanceof TokenFailure) return error
      throw error
    }
  }
}
