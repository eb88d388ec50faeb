import { Link } from '@tanstack/react-router'
import { Page } from './Page'

/** What one may not see is not there either. */
export function NotFound() {
  return (
    <Page title="Not found" alone>
      <p className="reading">
        Nothing is at this address, or it is not for you to see. <Link to="/">Go to the start</Link>, or press <kbd>Ctrl K</kbd>{' '}
        to search.
      </p>
    </Page>
  )
}
