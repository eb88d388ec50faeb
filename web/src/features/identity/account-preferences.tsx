import { remember } from '@/lib/stored'
import { useRemembered } from '@/lib/use-remembered'
import { Check } from '@/ui/Field'
import { Panel } from '@/ui/Page'

/** How the dashboard looks and listens in this browser. */
export function Preferences() {
  const theme = useRemembered('theme', 'system')
  const density = useRemembered('density', 'compact')
  const keys = useRemembered('keys', 'on')
  return (
    <Panel title="In this browser">
      <div className="panel-body stack loose">
        <fieldset className="fieldset stack">
          <legend className="label">Theme</legend>
          {[
            ['system', 'as the system has it'],
            ['light', 'light'],
            ['dark', 'dark'],
          ].map(([value, label]) => (
            <Check
              key={value}
              type="radio"
              name="theme"
              label={label}
              checked={theme === value}
              onChange={() => remember('theme', value ?? '')}
            />
          ))}
        </fieldset>
        <fieldset className="fieldset stack">
          <legend className="label">Rows</legend>
          <Check
            type="radio"
            name="density"
            label="compact"
            checked={density === 'compact'}
            onChange={() => remember('density', 'compact')}
          />
          <Check
            type="radio"
            name="density"
            label="roomy"
            checked={density === 'roomy'}
            onChange={() => remember('density', 'roomy')}
          />
        </fieldset>
        <fieldset className="fieldset stack">
          <legend className="label">Keys</legend>
          <Check
            label="Single keys do things"
            hint="turn it off when dictation or other aids type them by accident"
            checked={keys === 'on'}
            onChange={(event) => remember('keys', event.target.checked ? 'on' : 'off')}
          />
        </fieldset>
      </div>
    </Panel>
  )
}
