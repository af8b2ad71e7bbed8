/**
 * A JSON object that somebody typed, or what is wrong with it.
 *
 * @param otherwise what is said of JSON that is no object
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
