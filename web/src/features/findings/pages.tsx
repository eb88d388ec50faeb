export { Finding } from './detail'
export { Findings } from './list'
export { Overview } from './overview'
