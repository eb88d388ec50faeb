export { Scan } from './scan'
export { RepositoryScans, Scans } from './scans'
