/**
 * The path of PUBLIC_URL, without a slash at its end; empty for none. A proxy that serves this server below a path
 * takes it off before it passes a request on: the server puts it before each of its own addresses.
 */
export function publicPath(publicUrl: string): string {
  return new URL(publicUrl).pathname.replace(/\/+$/, '')
}
