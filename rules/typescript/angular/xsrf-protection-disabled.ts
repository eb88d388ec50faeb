import { ApplicationConfig, NgModule } from '@angular/core';
import { HttpClientXsrfModule, provideHttpClient, withNoXsrfProtection, withXsrfConfiguration } from '@angular/common/http';

export const open: ApplicationConfig = {
  // ruleid: typescript.angular.xsrf-protection-disabled
  providers: [provideHttpClient(withNoXsrfProtection())],
};

@NgModule({
  // ruleid: typescript.angular.xsrf-protection-disabled
  imports: [HttpClientXsrfModule.disable()],
})
export class OldModule {}

export const good: ApplicationConfig = {
  // ok: typescript.angular.xsrf-protection-disabled
  providers: [provideHttpClient(withXsrfConfiguration({ cookieName: 'XSRF', headerName: 'X-XSRF' }))],
};

@NgModule({
  // ok: typescript.angular.xsrf-protection-disabled
  imports: [HttpClientXsrfModule],
})
export class NewModule {}
