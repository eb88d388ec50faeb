function merge(target, source) {
  for (const key in source) {
    if (typeof source[key] === 'object' && typeof target[key] === 'object') {
      // ruleid: javascript.dangerous.prototype-pollution-merge
      merge(target[key], source[key]);
    } else {
      target[key] = source[key];
    }
  }
  return target;
}

const deepExtend = (dst, src) => {
  Object.keys(src).forEach((k) => {
    if (dst[k] && typeof dst[k] === 'object') {
      // ruleid: javascript.dangerous.prototype-pollution-merge
      deepExtend(dst[k], src[k]);
    } else {
      dst[k] = src[k];
    }
  });
  return dst;
};

function mergeSafe(target, source) {
  for (const key of Object.keys(source)) {
    if (key === '__proto__' || key === 'constructor' || key === 'prototype') continue;
    if (typeof source[key] === 'object') {
      // ok: javascript.dangerous.prototype-pollution-merge
      mergeSafe(target[key], source[key]);
    } else {
      target[key] = source[key];
    }
  }
}

function equalDeep(a, b) {
  for (const key in a) {
    // ok: javascript.dangerous.prototype-pollution-merge
    if (!equal(a[key], b[key])) return false;
  }
  return true;
}

function shallow(target, source) {
  for (const key in source) {
    // ok: javascript.dangerous.prototype-pollution-merge
    target[key] = source[key];
  }
}
