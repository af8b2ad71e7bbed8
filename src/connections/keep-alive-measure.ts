import { Field, Int, ObjectType } from 'type-graphql'
import { DateTime } from '../scalars.js'

/** Rounds of the keep-alive job in a day: one every ten minutes. */
export const ROUNDS_A_DAY = 144

/** As it is stored in a connection's row; written by refresh/keep-alive.ts, in SQL. */
export interface KeepAliveMeasure {
  measuredAt: string
  maxIdleDays: number
  due: number
  lapsing: number
  /** Grants that a round of ten minutes renews, as measured. */
  perRound: number
}

/** How the idle grants of a connection are kept alive. */
@ObjectType({
  description:
    'Grants of this provider lapse when nobody uses them for maxIdleDays; Valetkey renews them before. ' +
    'Measured every ten minutes.',
})
export class ConnectionKeepAlive {
  @Field(() => DateTime)
  readonly measuredAt!: Date
  @Field(() => Int)
  readonly maxIdleDays!: number
  @Field(() => Int, { description: 'Grants whose turn has come.' })
  readonly due!: number
  @Field(() => Int, { description: 'Grants that can be renewed in a day, as the provider lets them through now.' })
  readonly perDay!: number
  @Field(() => Int, { description: 'Grants that will lapse before their turn comes, if nothing changes.' })
  readonly lapsing!: number
}
