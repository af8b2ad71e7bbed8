/** Which one of several a grant opens: a lookup whose answer has a list of sites, companies or organisations. */
import { z } from 'zod'
import { request } from './api-call.js'
import { condition, path, shown } from './values.js'

const choose = z.strictObject({
  /** The list; `$` is the whole answer. */
  from: path.default('$'),
  /** Leaves out the items of another kind. */
  where: condition.omit({ status: true }).required({ path: true }).optional(),
  /** What an item is told by: the tenant of the account's identity. */
  id: path,
  /** What people know an item by. */
  label: path.optional(),
  /** What people call an item, in the singular: site, organisation. */
  what: shown.min(1).max(40),
})

/** A request after connecting. With `choose`, one item of a list is taken, and `pick` is relative to it. */
export const lookup = request.extend({ choose: choose.optional() })
export type LookupDefinition = z.infer<typeof lookup>
export type ChoiceDefinition = z.infer<typeof choose>
