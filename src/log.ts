import { type Logger, pino } from 'pino'

/**
 * Logs a warning for the operator: a failure that the server can cope with.
 *
 * @param event a stable name to search and alert by, such as `spool.unreadable`
 * @param message what happened, and what to do about it
 * @param details the records concerned, and `err`; must not contain secrets
 */
export type Warn = (event: string, message: string, details?: object) => void

/**
 * Creates the logger: JSON lines on standard output, times in UTC. Of errors it logs name, message and stack, since
 * their other properties may contain parts of a request.
 */
export function createLogger(level: string): Logger {
  return pino({
    level,
    serializers: { err: serializedError },
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
  })
}

/** The logged properties of an error and of its causes. */
export function serializedError(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) }
  const cause = error.cause instanceof Error ? { cause: serializedError(error.cause) } : {}
  return { type: error.name, message: error.message, stack: error.stack, ...cause }
}
