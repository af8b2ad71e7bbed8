export interface Fault {
  /** Where in the definition, dotted. */
  path: string
  reason: string
}

/** A definition that cannot be used, with every fault in it. */
export class DefinitionError extends Error {
  override readonly name = 'DefinitionError'
  constructor(readonly faults: readonly Fault[]) {
    super(faults.map(({ path, reason }) => `${path}: ${reason}`).join('\n'))
  }
}
