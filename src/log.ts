import { type Logger, pino } from 'pino'

/**
 * Tells an operator of something that went on working, or will mend itself.
 *
 * @param event a stable name to search and alert by, such as `spool.unreadable`
 * @param message what happened, and what to do about it if anything
 * @param details to what it happened; never anything secret
 */
export type Warn = (event: string, message: string, details?: object) => void

/**
 * JSON lines on standard output. Errors are logged by name, message and stack: their other fields may
 * quote a request.
 */
export function createLogger(level: string): Logger {
  return pino({
    level,
    serializers: { err: serializedError },
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
  })
}

/** What the log shows of an error, causes included. */
export function serializedError(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) }
  const cause = error.cause instanceof Error ? { cause: serializedError(error.cause) } : {}
  return { type: error.name, message: error.message, stack: error.stack, ...cause }
}
