/**
 * Parses a JSON object that somebody typed, or returns what is wrong with it.
 *
 * @param otherwise the message for JSON that is not an object
 */
export function readObject(
  text: string,
  otherwise: string,
): { object: Record<string, unknown> | null; fault: string | null } {
  try {
    const value: unknown = JSON.parse(text)
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return { object: null, fault: otherwise }
    return { object: value as Record<string, unknown>, fault: null }
  } catch (error) {
    return { object: null, fault: `This is not JSON: ${(error as Error).message}.` }
  }
}
