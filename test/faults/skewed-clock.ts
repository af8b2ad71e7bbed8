/**
 * Loaded before a server (NODE_OPTIONS=--import): its wall clock is off by SKEW_SECONDS. Several numbers, separated by
 * commas, follow each other every three seconds: a clock that jumps.
 */
const offsets = (process.env.SKEW_SECONDS ?? '0').split(',').map((seconds) => Number(seconds) * 1000)
const RealDate = Date
const realNow = Date.now.bind(Date)
const began = realNow()
const skewed = () => realNow() + (offsets[Math.floor((realNow() - began) / 3_000) % offsets.length] as number)

globalThis.Date = new Proxy(RealDate, {
  construct: (target, given, newTarget) =>
    Reflect.construct(target, given.length === 0 ? [skewed()] : given, newTarget),
  apply: () => new RealDate(skewed()).toString(),
  get: (target, name, receiver) => (name === 'now' ? skewed : Reflect.get(target, name, receiver)),
})
