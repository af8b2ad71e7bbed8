import { killMatrix } from './kill-matrix.js'

killMatrix('strict', ['P0', 'P1', 'P2', 'P3', 'P4', 'P5', 'P6'], ['P2', 'P4'])
