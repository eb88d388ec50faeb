import { BookOpen, ShieldCheck } from 'lucide-react'
import type { Feature } from '@/lib/feature'
import { ADMINISTRATION } from './places'

export const operations: Feature = {
  nav: [
    { group: 'foot', order: 20, label: 'Administration', path: '/admin', icon: ShieldCheck, key: 'a', platformAdmin: true },
    { group: 'foot', order: 40, label: 'Help and API', path: '/api', icon: BookOpen },
  ],
  pages: ADMINISTRATION,
}
