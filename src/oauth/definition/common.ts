/** The parts that every auth method has. */
import { z } from 'zod'
import { api, request } from './api-call.js'
import { lookup } from './choice.js'
import { condition, shown, template, webPage } from './values.js'

export const common = {
  id: z.string().regex(/^[a-z][a-z0-9-]*$/),
  label: shown.max(60).optional(),
  /** `legacy`: the provider is ending it, on `endsOn` if it has announced a day. */
  status: z.enum(['stable', 'beta', 'legacy']).default('stable'),
  endsOn: z.iso.date().optional(),
  /** How to get the app or the key, in a line. */
  help: shown.max(300).optional(),
  /** The provider's page about this method, where the connector's is about another one. */
  docsUrl: webPage.optional(),
  /** Where the app or the key of this method is created. */
  consoleUrl: webPage.optional(),
  api: api.optional(),
  /** Requests after connecting; their picked values are stored as `account.*`. */
  afterConnect: z.array(lookup).default([]),
  /**
   * Reads whose account it is: picks `id`, and `label` and `email` where the provider has them. `tenant` is what else
   * the account is bound to, such as the company whose books it opens; where a lookup chooses one, it is that one.
   * Without `required`, a grant whose identity cannot be read counts all the same.
   */
  identity: request.extend({ required: z.boolean().default(false), tenant: template.optional() }).optional(),
  /**
   * The request that verifies a credential. `wrong` describes the answer to an invalid credential;
   * an answer that is neither expected nor wrong means a valid credential with few permissions.
   */
  verify: request.extend({ wrong: condition.optional() }).optional(),
  revoke: z.array(request).default([]),
}
