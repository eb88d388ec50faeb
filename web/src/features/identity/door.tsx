import { Link } from '@tanstack/react-router'
import { type ReactNode, useEffect } from 'react'
import './door.css'

/** The frame of the pages for who is not signed in: one column, one thing to do. */
export function Door({ title, wide, children }: { title: string; wide?: boolean; children: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · Rampart`
  }, [title])
  return (
    <main className="door">
      <div className={wide ? 'door-inner wide' : 'door-inner'}>
        <Link to="/sign-in" className="door-brand">
          <img src="/app/mark.svg" alt="" width={20} height={20} />
          Rampart at {window.location.hostname}
        </Link>
        <h1>{title}</h1>
        {children}
      </div>
    </main>
  )
}

/** What went wrong with the whole of a form. */
export function FormError({ children }: { children: ReactNode }) {
  return (
    <p className="note bad" role="alert">
      {children}
    </p>
  )
}
