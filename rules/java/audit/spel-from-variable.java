package com.example.filter;

import org.springframework.expression.EvaluationContext;
import org.springframework.expression.ExpressionParser;
import org.springframework.expression.spel.standard.SpelExpressionParser;
import org.springframework.expression.spel.support.SimpleEvaluationContext;

public class Filters {
    private final ExpressionParser parser = new SpelExpressionParser();

    Object field(String filter, Object root) {
        // ruleid: java.audit.spel-from-variable
        return parser.parseExpression(filter).getValue(root);
    }

    Object inline(String name) {
        // ruleid: java.audit.spel-from-variable
        return new SpelExpressionParser().parseExpression("name == '" + name + "'").getValue();
    }

    Object constant(Object root) {
        // ok: java.audit.spel-from-variable
        return parser.parseExpression("price * quantity").getValue(root);
    }

    Object limited(String filter, Object root) {
        EvaluationContext context = SimpleEvaluationContext.forReadOnlyDataBinding().build();
        // ok: java.audit.spel-from-variable
        return parser.parseExpression(filter).getValue(context, root);
    }

    Object annotation(Cached cached, Object root) {
        // ok: java.audit.spel-from-variable
        return parser.parseExpression(cached.key()).getValue(root);
    }

    Object other(CronParser cron, String text) {
        // ok: java.audit.spel-from-variable
        return cron.parseExpression(text);
    }
}
