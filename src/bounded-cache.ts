/** A cache by text that keeps what was used last, up to a number of entries and a total length of their keys. */
export class BoundedCache<T> {
  /** In the order of their last use. */
  private readonly entries = new Map<string, T>()
  private total = 0

  /**
   * @param most entries
   * @param longest total length of all keys, in characters; what an entry takes up should grow with its key
   */
  constructor(
    private readonly most: number,
    private readonly longest: number,
  ) {}

  /** Entries that are kept now. */
  get size(): number {
    return this.entries.size
  }

  /** Total length of their keys, in characters. */
  get length(): number {
    return this.total
  }

  /** The entry of `key`; made, and kept, where there is none. An error of `make` is thrown, and nothing is kept. */
  get(key: string, make: () => T): T {
    const kept = this.entries.get(key)
    if (kept !== undefined) {
      this.entries.delete(key)
      this.entries.set(key, kept)
      return kept
    }
    const made = make()
    this.entries.set(key, made)
    this.total += key.length
    for (const oldest of this.entries.keys()) {
      if (this.entries.size <= this.most && this.total <= this.longest) break
      this.entries.delete(oldest)
      this.total -= oldest.length
    }
    return made
  }
}
