import { registerEnumType } from 'type-graphql'

/** How long a connector, or one of its auth methods, can be expected to work. */
export enum LifeStage {
  STABLE = 'STABLE',
  BETA = 'BETA',
  LEGACY = 'LEGACY',
}
registerEnumType(LifeStage, {
  name: 'LifeStage',
  valuesConfig: { LEGACY: { description: 'The provider is ending it; endsOn has the day where one is announced.' } },
})
