import { existsSync } from 'node:fs'
import path from 'node:path'

/** The directory of package.json, both from `src` and from the compiled `dist/src`. */
export const packageRoot = ((): string => {
  let directory = import.meta.dirname
  while (!existsSync(path.join(directory, 'package.json'))) directory = path.dirname(directory)
  return directory
})()
