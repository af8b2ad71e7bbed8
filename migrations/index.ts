import type { Migration } from '@mikro-orm/migrations'
import { Migration20261122165111_initial } from './Migration20261122165111_initial.js'

/** Every migration, in order. They follow expand and contract: the last version goes on working while the next one starts. */
export const MIGRATIONS: { name: string; class: new (...args: ConstructorParameters<typeof Migration>) => Migration }[] = [
  { name: 'Migration20261122165111_initial', class: Migration20261122165111_initial },
]
