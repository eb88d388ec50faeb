import { Download } from 'lucide-react'
import { useRef, useState } from 'react'
import { said } from '@/api/problem'
import { useKeys } from '@/lib/keys'
import { Button } from './Button'
import { Menu } from './Menu'
import { toast } from './toast'

const WORDS = {
  html: 'To read (HTML)',
  pdf: 'On paper (PDF)',
  sarif: 'For other tools (SARIF)',
  json: 'For programs (JSON)',
  csv: 'For a table (CSV)',
}

export type Form = keyof typeof WORDS

/** A report to take along, in one of the forms. */
export function ReportMenu({ forms, group, save }: { forms: Form[]; group: string; save: (form: Form) => Promise<void> }) {
  const trigger = useRef<HTMLButtonElement>(null)
  const [making, setMaking] = useState(false)
  useKeys([{ keys: 'e', label: 'Report', group, run: () => trigger.current?.click() }])
  const make = async (form: Form) => {
    setMaking(true)
    try {
      await save(form)
    } catch (error) {
      toast(said(error))
    } finally {
      setMaking(false)
    }
  }
  return (
    <Menu
      trigger={
        <Button ref={trigger} busy={making && 'Making it…'}>
          <Download size={14} /> Report <kbd>e</kbd>
        </Button>
      }
      items={forms.map((form) => ({ label: WORDS[form], run: () => void make(form) }))}
    />
  )
}
