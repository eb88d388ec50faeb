const { spawn } = require('child_process');

// ruleid: javascript.tls.env-certificate-check-disabled
process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';

function relax() {
  // ruleid: javascript.tls.env-certificate-check-disabled
  process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = 0;
}

function child() {
  return spawn('node', ['worker.js'], {
    // ruleid: javascript.tls.env-certificate-check-disabled
    env: { ...process.env, NODE_TLS_REJECT_UNAUTHORIZED: '0' },
  });
}

function restore() {
  // ok: javascript.tls.env-certificate-check-disabled
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = '1';
}

function inspect() {
  // ok: javascript.tls.env-certificate-check-disabled
  if (process.env.NODE_TLS_REJECT_UNAUTHORIZED === '0') {
    throw new Error('certificate checks are off');
  }
  // ok: javascript.tls.env-certificate-check-disabled
  delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
}
