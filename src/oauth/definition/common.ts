/** What every auth method has, whatever its type. */
import { z } from 'zod'
import { api, request } from './api-call.js'
import { condition } from './values.js'

export const common = {
  id: z.string().regex(/^[a-z][a-z0-9-]*$/),
  label: z.string().max(60).optional(),
  /** `legacy`: the provider is ending it, on `endsOn` if it has announced a day. */
  status: z.enum(['stable', 'beta', 'legacy']).default('stable'),
  endsOn: z.iso.date().optional(),
  api: api.optional(),
  /** Requests after connecting; the values they pick become `account.*`. */
  afterConnect: z.array(request).default([]),
  /** Whose account it is: picks `id`, and `label` and `email` where the provider has them. */
  identity: request.optional(),
  /**
   * The cheapest call that proves a credential. `wrong` describes the answer to an invalid credential;
   * an answer that is neither expected nor wrong means a valid credential with few permissions.
   */
  verify: request.extend({ wrong: condition.optional() }).optional(),
  revoke: z.array(request).default([]),
}
