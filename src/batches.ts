import type DataLoader from 'dataloader'
import { reserved } from './database/shares.js'

/**
 * Options of a DataLoader that combines all keys of one turn of the event loop into one statement, across
 * requests: many simultaneous token queries need one round trip to the database, and none waits longer for it.
 * Nothing is cached between turns.
 */
export const ONE_TURN = {
  cache: false,
  maxBatchSize: 100,
  batchScheduleFn: (run: () => void) => {
    // It is read for several parties at once, and must not wait for one of them.
    reserved(() => setImmediate(run))
  },
} as const satisfies DataLoader.Options<unknown, unknown>
