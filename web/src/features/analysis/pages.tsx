export { Scan } from './scan'
export { Scans } from './scans'
