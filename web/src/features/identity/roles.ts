/** What each role may do, in a line, from the least to the most. */
export const ROLES: [string, string][] = [
  ['viewer', 'sees everything, changes nothing'],
  ['member', 'connects repositories, scans, decides on findings'],
  ['operator', 'also runs missions and approves'],
  ['admin', 'also manages members, policies, integrations'],
  ['owner', 'everything, also deleting the workspace'],
]
