import type { FastifyInstance } from 'fastify'
import type { Catalogue } from './catalogue.js'
import { iconOf } from './icon.js'

/** `GET /icons/:key.svg`: a connector's icon, drawn here, so that no page asks a third party for one. */
export function connectorRoutes(app: FastifyInstance, catalogue: Catalogue) {
  app.get<{ Params: { file: string } }>('/icons/:file', (request, reply) => {
    const connector = catalogue.get(request.params.file.replace(/\.svg$/, ''))
    if (!connector) return reply.callNotFound()
    return reply
      .type('image/svg+xml')
      .headers({
        'cache-control': 'public, max-age=86400',
        // An application may show the icon on a page of its own.
        'cross-origin-resource-policy': 'cross-origin',
      })
      .send(iconOf(connector.definition))
  })
}
