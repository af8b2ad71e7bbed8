import { killMatrix } from './kill-matrix.js'

killMatrix('with grace', ['P1', 'P2', 'P3', 'P4'], ['P2'])
