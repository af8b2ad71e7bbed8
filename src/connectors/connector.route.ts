import type { FastifyInstance } from 'fastify'
import { inkOn } from '../html.js'
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
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40" width="40" height="40"><rect width="40" height="40" rx="8" fill="#${color}"/><text x="20" y="27" text-anchor="middle" font-family="ui-sans-serif, system-ui, sans-serif" font-size="20" font-weight="600" fill="${inkOn(color)}">${/[A-Z0-9]/.test(letter) ? letter : '?'}</text></svg>`
}
