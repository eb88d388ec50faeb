package com.example.search;

import javax.servlet.http.HttpServletRequest;
import javax.validation.ConstraintValidator;
import javax.validation.ConstraintValidatorContext;
import ognl.Ognl;
import ognl.OgnlContext;
import ognl.OgnlException;
import org.mvel2.MVEL;
import org.springframework.expression.EvaluationContext;
import org.springframework.expression.ExpressionParser;
import org.springframework.expression.spel.standard.SpelExpressionParser;
import org.springframework.expression.spel.support.SimpleEvaluationContext;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
class SortController {
    private final ExpressionParser parser = new SpelExpressionParser();

    @GetMapping("/sorted")
    Object sorted(@RequestParam String by) {
        // ruleid: java.injection.expression-from-request
        return parser.parseExpression("item." + by).getValue();
    }

    Object ognl(HttpServletRequest request, OgnlContext context, Object root) throws OgnlException {
        // ruleid: java.injection.expression-from-request
        return Ognl.getValue(request.getParameter("path"), context, root);
    }

    Object mvel(HttpServletRequest request) {
        return compute("total * " + request.getParameter("rate"));
    }

    private Object compute(String formula) {
        // ruleid: java.injection.expression-from-request
        return MVEL.eval(formula);
    }

    @GetMapping("/limited")
    Object limited(@RequestParam String by, Object root) {
        EvaluationContext context = SimpleEvaluationContext.forReadOnlyDataBinding().build();
        // ok: java.injection.expression-from-request
        return parser.parseExpression(by).getValue(context, root);
    }

    @GetMapping("/index")
    Object index(@RequestParam String index) {
        // ok: java.injection.expression-from-request
        return parser.parseExpression("items[" + Integer.parseInt(index) + "]").getValue();
    }

    Object constant(HttpServletRequest request) throws OgnlException {
        Object root = request.getParameter("name");
        // ok: java.injection.expression-from-request
        return Ognl.getValue("length", root);
    }
}

class NameValidator implements ConstraintValidator<Name, String> {
    @Override
    public boolean isValid(String value, ConstraintValidatorContext context) {
        if (value != null && value.length() > 3) {
            return true;
        }
        // ruleid: java.injection.expression-from-request
        context.buildConstraintViolationWithTemplate(value + " is too short").addConstraintViolation();
        // ok: java.injection.expression-from-request
        context.buildConstraintViolationWithTemplate("too short").addConstraintViolation();
        return false;
    }
}
