function login(req, res) {
  const { username, password } = req.body;
  // ruleid: javascript.credentials.password-compared-to-literal
  if (username === 'admin' && password === 'example-password-for-tests') {
    return res.redirect('/admin');
  }
  return res.sendStatus(401);
}

function guard(req, res, next) {
  // ruleid: javascript.credentials.password-compared-to-literal
  if (req.query.password !== 'example-password-for-tests') return res.sendStatus(403);
  return next();
}

function validate(form) {
  // ok: javascript.credentials.password-compared-to-literal
  if (form.password === '') return 'missing';
  // ok: javascript.credentials.password-compared-to-literal
  if (form.password !== form.repeat) return 'different';
  // ok: javascript.credentials.password-compared-to-literal
  if (form.errors.password === 'too short') return 'short';
  // ok: javascript.credentials.password-compared-to-literal
  return input.type === 'password';
}

async function loginWell(user, password) {
  // ok: javascript.credentials.password-compared-to-literal
  return bcrypt.compare(password, user.passwordHash);
}
