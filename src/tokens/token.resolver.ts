import { Arg, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql'
import { ConnectedAccount } from '../connected-accounts/connected-account.js'
import type { Context } from '../context.js'
import { reserved } from '../database/shares.js'
import { ValetkeyError } from '../errors.js'
import type { Access } from './access.js'
import type { Gate } from './gate.js'
import { TokenResult } from './token-result.js'

/** Seconds that a token lasts at least, unless the query states `minValidity`. */
const USUAL_VALIDITY = 60
/** Contexts of the operations that have read a token. */
const reading = new WeakSet<Context>()

/** The field of a connected account with its credential. */
@Resolver(() => ConnectedAccount)
export class TokenResolver {
  constructor(private readonly gate: Gate) {}

  @FieldResolver(() => TokenResult, {
    description:
      'The credential to call the provider with, refreshed first when it would not last minValidity seconds.',
  })
  async token(
    @Root() account: ConnectedAccount,
    @Arg('minValidity', () => Int, { nullable: true, defaultValue: USUAL_VALIDITY, description: 'Seconds.' })
    minValidity: number | null,
    @Arg('scopes', () => [String], { nullable: true, description: 'Scopes that the token must have.' })
    scopes: string[] | null,
    @Arg('rejected', () => String, {
      nullable: true,
      description:
        'The access token that the provider has just refused with 401. If it is still the current one it is ' +
        'renewed first; if not, the current one is the answer.',
    })
    rejected: string | null,
    @Arg('purpose', () => String, {
      nullable: true,
      description: 'What the token is needed for, in your words; stored in the audit log.',
    })
    purpose: string | null,
    @Ctx() context: Context,
  ): Promise<Access> {
    assertFirstRead(context)
    const wish = {
      minValidity: minValidity ?? USUAL_VALIDITY,
      scopes: scopes ?? null,
      rejected: rejected ?? null,
      purpose: purpose ?? null,
    }
    return reserved(() => this.gate.access(context, account, wish))
  }
}

/** @throws {ValetkeyError} QUERY_TOO_COMPLEX for a second token in one operation, under whatever alias */
function assertFirstRead(context: Context) {
  if (reading.has(context))
    throw new ValetkeyError('QUERY_TOO_COMPLEX', 'One operation reads one token; send one for each account.')
  reading.add(context)
}
