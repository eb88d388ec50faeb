package com.example.rules;

import groovy.lang.GroovyShell;
import javax.script.ScriptEngine;
import javax.script.ScriptEngineManager;
import javax.script.ScriptException;
import javax.servlet.http.HttpServletRequest;
import org.mozilla.javascript.Context;
import org.mozilla.javascript.Scriptable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

@RestController
class FormulaController {
    private final ScriptEngine engine = new ScriptEngineManager().getEngineByName("javascript");

    Object price(HttpServletRequest request) throws ScriptException {
        // ruleid: java.injection.code-from-request
        return engine.eval("price * " + request.getParameter("factor"));
    }

    @PostMapping("/rules")
    Object groovy(@RequestBody String script) {
        GroovyShell shell = new GroovyShell();
        // ruleid: java.injection.code-from-request
        return shell.evaluate(script);
    }

    Object rhino(HttpServletRequest request) {
        return evaluate(request.getHeader("X-Filter"));
    }

    private Object evaluate(String code) {
        Context context = Context.enter();
        Scriptable scope = context.initStandardObjects();
        // ruleid: java.injection.code-from-request
        return context.evaluateString(scope, code, "filter", 1, null);
    }

    Object bound(HttpServletRequest request) throws ScriptException {
        engine.put("factor", request.getParameter("factor"));
        // ok: java.injection.code-from-request
        return engine.eval("price * factor");
    }

    Object number(HttpServletRequest request) throws ScriptException {
        double factor = Double.parseDouble(request.getParameter("factor"));
        // ok: java.injection.code-from-request
        return engine.eval("price * " + factor);
    }

    Object chosen(HttpServletRequest request) throws ScriptException {
        String operator = request.getParameter("operator").equals("minus") ? "-" : "+";
        // ok: java.injection.code-from-request
        return engine.eval("a " + operator + " b");
    }
}
