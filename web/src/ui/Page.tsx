import { type ReactNode, useEffect, useRef } from 'react'
import { nameThePage } from './page-name'

/** A page: its title (read out when the page is opened), what can be done, the content. */
export function Page({
  title,
  heading,
  about,
  actions,
  narrow,
  alone,
  children,
}: {
  title: string
  /** In the place of the title, when it is more than words. */
  heading?: ReactNode
  about?: ReactNode
  actions?: ReactNode
  narrow?: boolean
  /** It is at no place among the others, so that no way leads here from above. */
  alone?: boolean
  children: ReactNode
}) {
  const head = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    // Where nothing stands around the page, this is the title.
    document.title = `${title} · Rampart`
    nameThePage({ title, alone })
  }, [title, alone])
  useEffect(() => {
    // A new page is where reading goes on.
    if (document.activeElement === document.body || document.activeElement?.matches('a'))
      head.current?.focus({ preventScroll: true })
  }, [])
  return (
    <div className={narrow ? 'page narrow' : 'page'}>
      <header className="page-head">
        <h1 ref={head} tabIndex={-1}>
          {heading ?? title}
        </h1>
        {actions && <div className="row wrap page-actions">{actions}</div>}
        {about && <p className="about">{about}</p>}
      </header>
      {children}
    </div>
  )
}

export function Panel({
  title,
  actions,
  children,
  padded,
  foot,
}: {
  title?: ReactNode
  actions?: ReactNode
  children: ReactNode
  padded?: boolean
  foot?: ReactNode
}) {
  return (
    <section className="panel">
      {title && (
        <header className="panel-head">
          <h2>{title}</h2>
          {actions}
        </header>
      )}
      {padded ? <div className="panel-body">{children}</div> : children}
      {foot && <footer className="panel-foot">{foot}</footer>}
    </section>
  )
}
