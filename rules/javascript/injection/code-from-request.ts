import { runInNewContext, Script } from 'node:vm';
import { Body, Controller, Post } from '@nestjs/common';
import type { ActionFunctionArgs } from '@remix-run/node';

@Controller('formulas')
export class FormulasController {
  @Post()
  evaluate(@Body('formula') formula: string) {
    // ruleid: javascript.injection.code-from-request
    return runInNewContext(formula, { Math });
  }

  @Post('script')
  script(@Body() dto: { source: string }) {
    const source = this.wrap(dto.source);
    // ruleid: javascript.injection.code-from-request
    return new Script(source).runInNewContext();
  }

  private wrap(source: string) {
    return `(() => { ${source} })()`;
  }

  @Post('fixed')
  fixed(@Body('x') x: string) {
    // ok: javascript.injection.code-from-request
    return runInNewContext('x * 2', { x });
  }
}

export async function action({ request }: ActionFunctionArgs) {
  const form = await request.formData();
  const code = form.get('code') as string;
  // ruleid: javascript.injection.code-from-request
  return eval(code);
}

export async function actionSafe({ request }: ActionFunctionArgs) {
  const form = await request.formData();
  // ok: javascript.injection.code-from-request
  return JSON.parse(form.get('code') as string);
}
