/**
 * Many asks of one turn of the event loop, answered by one statement: what a crowd of token queries
 * costs the database is then one round trip, and each of them waits no longer than alone.
 */
export class Batch<Ask, Answer> {
  private waiting: { ask: Ask; resolve: (answer: Answer) => void; reject: (error: unknown) => void }[] = []

  /**
   * @param run answers all asks, in their order
   * @param largest asks that one run is given at the most
   */
  constructor(
    private readonly run: (asks: Ask[]) => Promise<Answer[]>,
    private readonly largest = 100,
  ) {}

  /** Resolves to this ask's answer; rejects with what the run that it is part of throws. */
  ask(ask: Ask): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.waiting.length === 0) setImmediate(() => this.flush())
      this.waiting.push({ ask, resolve, reject })
    })
  }

  private flush() {
    const all = this.waiting
    this.waiting = []
    for (let from = 0; from < all.length; from += this.largest) {
      const part = all.slice(from, from + this.largest)
      this.run(part.map(({ ask }) => ask)).then(
        (answers) => {
          for (const [index, { resolve }] of part.entries()) resolve(answers[index] as Answer)
        },
        (error) => {
          for (const { reject } of part) reject(error)
        },
      )
    }
  }
}
