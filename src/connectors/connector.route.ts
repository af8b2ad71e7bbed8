import type { FastifyInstance } from 'fastify'
import type { Catalogue } from './catalogue.js'

/** `GET /icons/:key.svg`: a connector's icon, drawn here, so that no page asks a third party for one. */
export function connectorRoutes(app: FastifyInstance, catalogue: Catalogue) {
  app.get<{ Params: { file: string } }>('/icons/:file', (request, reply) => {
    const connector = catalogue.get(request.params.file.replace(/\.svg$/, ''))
    if (!connector) return reply.callNotFound()
    const color = connector.definition.icon.color ?? '57606A'
    return reply.type('image/svg+xml').header('cache-control', 'public, max-age=86400').send(monogram(connector.name, color))
  })
}

function monogram(name: string, color: string): string {
  const letter = [...name][0]?.toUpperCase() ?? '?'
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40" width="40" height="40"><rect width="40" height="40" rx="8" fill="#${color}"/><text x="20" y="27" text-anchor="middle" font-family="ui-sans-serif, system-ui, sans-serif" font-size="20" font-weight="600" fill="${lightness(color) > 0.6 ? '#1f2328' : '#ffffff'}">${/[A-Z0-9]/.test(letter) ? letter : '?'}</text></svg>`
}

/** Relative luminance, 0 to 1 (WCAG 2.2). */
function lightness(color: string): number {
  const [red = 0, green = 0, blue = 0] = [0, 2, 4].map((at) => {
    const part = Number.parseInt(color.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
