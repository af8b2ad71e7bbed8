/** One fault of a definition. */
export interface Fault {
  /** Dotted path in the definition. */
  path: string
  reason: string
}

/** Thrown for an invalid definition, with all its faults. */
export class DefinitionError extends Error {
  override readonly name = 'DefinitionError'
  constructor(readonly faults: readonly Fault[]) {
    super(faults.map(({ path, reason }) => `${path}: ${reason}`).join('\n'))
  }
}
