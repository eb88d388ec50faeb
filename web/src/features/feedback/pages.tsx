export { PullRequests, RepositoryPulls } from './list'
export { PullRequest } from './pull'
