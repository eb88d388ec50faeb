import { Component, ElementRef, OnInit, Renderer2, SecurityContext } from '@angular/core';
import { ActivatedRoute } from '@angular/router';
import { DomSanitizer, SafeHtml, SafeResourceUrl } from '@angular/platform-browser';

@Component({ selector: 'app-note', template: '<p [innerHTML]="html"></p>' })
export class NoteComponent implements OnInit {
  html?: SafeHtml;
  frame?: SafeResourceUrl;
  title = '';

  constructor(
    private readonly route: ActivatedRoute,
    private readonly sanitizer: DomSanitizer,
    private readonly renderer: Renderer2,
    private readonly element: ElementRef,
  ) {}

  ngOnInit() {
    const text = this.route.snapshot.queryParamMap.get('text') ?? '';
    // ruleid: javascript.angular.trust-from-route
    this.html = this.sanitizer.bypassSecurityTrustHtml(text);

    this.route.queryParams.subscribe((params) => {
      // ruleid: javascript.angular.trust-from-route
      this.frame = this.sanitizer.bypassSecurityTrustResourceUrl(params['src']);
      // ok: javascript.angular.trust-from-route
      this.title = params['title'];
    });

    this.show(this.route.snapshot.params['name']);
  }

  private show(name: string) {
    // ruleid: javascript.angular.trust-from-route
    this.renderer.setProperty(this.element.nativeElement, 'innerHTML', `<b>${name}</b>`);
    // ok: javascript.angular.trust-from-route
    this.renderer.setProperty(this.element.nativeElement, 'textContent', name);
  }

  clean() {
    const text = this.route.snapshot.queryParamMap.get('text') ?? '';
    // ok: javascript.angular.trust-from-route
    this.title = this.sanitizer.sanitize(SecurityContext.HTML, text) ?? '';
    // ok: javascript.angular.trust-from-route
    this.html = this.sanitizer.bypassSecurityTrustHtml('<b>Note</b>');
    const id = Number(this.route.snapshot.params['id']);
    // ok: javascript.angular.trust-from-route
    this.frame = this.sanitizer.bypassSecurityTrustResourceUrl(`https://maps.example.com/embed/${id}`);
  }
}
