import { registerEnumType } from 'type-graphql'

/** Whether a connector, or one of its auth methods, is there to stay. */
export enum LifeStage {
  STABLE = 'STABLE',
  BETA = 'BETA',
  LEGACY = 'LEGACY',
}
registerEnumType(LifeStage, {
  name: 'LifeStage',
  valuesConfig: { LEGACY: { description: 'The provider is ending it; endsOn says when, where it told.' } },
})
