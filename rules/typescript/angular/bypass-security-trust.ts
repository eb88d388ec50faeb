import { Component, SecurityContext } from '@angular/core';
import { DomSanitizer, SafeHtml } from '@angular/platform-browser';
import DOMPurify from 'dompurify';

@Component({ selector: 'app-post', template: '<div [innerHTML]="html"></div>' })
export class PostComponent {
  html: SafeHtml;
  constructor(private sanitizer: DomSanitizer) {}

  show(body: string) {
    // ruleid: typescript.angular.bypass-security-trust
    this.html = this.sanitizer.bypassSecurityTrustHtml(body);
  }

  embed(id: string) {
    // ruleid: typescript.angular.bypass-security-trust
    return this.sanitizer.bypassSecurityTrustResourceUrl('https://video.example.org/embed/' + id);
  }

  purified(body: string) {
    // ok: typescript.angular.bypass-security-trust
    this.html = this.sanitizer.bypassSecurityTrustHtml(DOMPurify.sanitize(body));
  }

  constant() {
    // ok: typescript.angular.bypass-security-trust
    return this.sanitizer.bypassSecurityTrustHtml('<b>ready</b>');
  }

  checked(body: string) {
    // ok: typescript.angular.bypass-security-trust
    return this.sanitizer.sanitize(SecurityContext.HTML, body);
  }

  preview(blob: Blob) {
    // ok: typescript.angular.bypass-security-trust
    return this.sanitizer.bypassSecurityTrustUrl(URL.createObjectURL(blob));
  }
}
