import type DataLoader from 'dataloader'

/**
 * Options of a DataLoader that answers what one turn of the event loop asks with one statement, whichever
 * requests it comes from: a crowd of token queries costs the database one round trip, and each of
 * them waits no longer than alone. Nothing is remembered from one turn to the next.
 */
export const ONE_TURN = {
  cache: false,
  maxBatchSize: 100,
  batchScheduleFn: (run: () => void) => {
    setImmediate(run)
  },
} as const satisfies DataLoader.Options<unknown, unknown>
