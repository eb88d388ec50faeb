/** What a password must have, ticked while it is typed. The server looks closer. */
export function PasswordRules({ password }: { password: string }) {
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/].filter((kind) => kind.test(password)).length
  const rules: [string, boolean][] = [
    ['12 characters or more', [...password].length >= 12],
    ['three kinds of: small, capital, digit, sign; or 16 characters', kinds >= 3 || [...password].length >= 16],
  ]
  return (
    <ul className="caption">
      {rules.map(([rule, holds]) => (
        <li key={rule} className={holds ? 'ok' : undefined}>
          {holds ? '✓' : '○'} {rule}
          <span className="unseen">{holds ? ', done' : ', missing'}</span>
        </li>
      ))}
    </ul>
  )
}
