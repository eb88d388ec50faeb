import { Directive, ElementRef, Input, Renderer2, SecurityContext } from '@angular/core';
import { DomSanitizer } from '@angular/platform-browser';

@Directive({ selector: '[appHtml]' })
export class HtmlDirective {
  constructor(private el: ElementRef, private renderer: Renderer2, private sanitizer: DomSanitizer) {}

  @Input() set appHtml(value: string) {
    // ruleid: typescript.angular.renderer-inner-html
    this.renderer.setProperty(this.el.nativeElement, 'innerHTML', value);
  }

  outer(value: string) {
    // ruleid: typescript.angular.renderer-inner-html
    this.renderer.setProperty(this.el.nativeElement, 'outerHTML', `<p>${value}</p>`);
  }

  text(value: string) {
    // ok: typescript.angular.renderer-inner-html
    this.renderer.setProperty(this.el.nativeElement, 'textContent', value);
    // ok: typescript.angular.renderer-inner-html
    this.renderer.setProperty(this.el.nativeElement, 'innerHTML', '');
    // ok: typescript.angular.renderer-inner-html
    this.renderer.setProperty(this.el.nativeElement, 'innerHTML', this.sanitizer.sanitize(SecurityContext.HTML, value));
  }
}
