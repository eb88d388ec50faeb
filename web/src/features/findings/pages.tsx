export { Finding } from './detail'
export { Findings, RepositoryFindings } from './list'
export { Overview } from './overview'
export { RepositoryStatistics } from './statistics'
