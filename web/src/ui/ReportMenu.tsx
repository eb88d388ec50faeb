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

interface Props {
  forms: Form[]
  /** Of its key, where it is listed. */
  group: string
  save: (form: Form) => Promise<void>
  label?: string
  small?: boolean
  /** Where `e` is for something else on the page. */
  keyless?: boolean
}

/** Something to take along as a file, in one of the forms. */
export function ReportMenu({ forms, group, save, label = 'Report', small, keyless }: Props) {
  const trigger = useRef<HTMLButtonElement>(null)
  const [making, setMaking] = useState(false)
  useKeys(keyless ? [] : [{ keys: 'e', label, group, run: () => trigger.current?.click() }])
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
        <Button small={small} ref={trigger} busy={making && 'Making it…'}>
          <Download size={14} aria-hidden="true" /> {label} {!keyless && <kbd>e</kbd>}
        </Button>
      }
      items={forms.map((form) => ({ label: WORDS[form], run: () => void make(form) }))}
    />
  )
}
