import { h } from 'vue';
import DOMPurify from 'dompurify';

// ruleid: javascript.audit.raw-html-render
export const Comment = {
  props: ['text'],
  template: '<div class="c"><p v-html="text"></p></div>',
};

export const Rendered = {
  props: ['html'],
  render() {
    // ruleid: javascript.audit.raw-html-render
    return h('div', { class: 'r', innerHTML: this.html });
  },
};

export const Two = {
  render(createElement) {
    // ruleid: javascript.audit.raw-html-render
    return createElement('div', { domProps: { innerHTML: this.html } });
  },
};

// ok: javascript.audit.raw-html-render
export const Text = {
  template: '<p>{{ text }}</p>',
};

export const Clean = {
  render() {
    // ok: javascript.audit.raw-html-render
    return h('div', { innerHTML: DOMPurify.sanitize(this.html) });
  },
};

export const Constant = {
  render() {
    // ok: javascript.audit.raw-html-render
    return h('div', { innerHTML: '&nbsp;' });
  },
};
