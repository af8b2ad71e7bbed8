import type { FastifyInstance } from 'fastify'
import type { Catalogue } from './catalogue.js'
import { iconOf } from './icon.js'

/** Mounts `GET /icons/:key.svg`: a connector's icon, generated here, so that pages load none from third parties. */
export function connectorRoutes(app: FastifyInstance, catalogue: Catalogue) {
  app.get<{ Params: { file: string } }>('/icons/:file', (request, reply) => {
    const connector = catalogue.get(request.params.file.replace(/\.svg$/, ''))
    if (!connector) return reply.callNotFound()
    return reply
      .type('image/svg+xml')
      .headers({
        'cache-control': 'public, max-age=86400',
        // Applications may show the icon on their own pages.
        'cross-origin-resource-policy': 'cross-origin',
      })
      .send(iconOf(connector.definition))
  })
}
