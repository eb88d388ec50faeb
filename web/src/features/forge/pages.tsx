export { Commits } from './commits'
export { Repositories } from './repositories'
export { Repository } from './repository'
