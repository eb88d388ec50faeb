package com.example.rules;

import groovy.lang.GroovyShell;
import java.io.InputStreamReader;
import javax.script.ScriptEngine;
import javax.script.ScriptEngineManager;

public class Formulas {
    private static final String VAT = "price * 1.2";

    Object engine(String formula) throws Exception {
        ScriptEngine engine = new ScriptEngineManager().getEngineByName("JavaScript");
        // ruleid: java.audit.script-engine-eval
        return engine.eval(formula);
    }

    Object chained(String name) throws Exception {
        // ruleid: java.audit.script-engine-eval
        return new ScriptEngineManager().getEngineByName("js").eval("format('" + name + "')");
    }

    Object groovy(String code) {
        // ruleid: java.audit.script-engine-eval
        return new GroovyShell().evaluate(code);
    }

    Object constant(ScriptEngine engine, double price) throws Exception {
        engine.put("price", price);
        // ok: java.audit.script-engine-eval
        return engine.eval("price * 1.2");
    }

    Object constantField(ScriptEngine engine) throws Exception {
        // ok: java.audit.script-engine-eval
        return engine.eval(VAT);
    }

    Object resource(ScriptEngine engine) throws Exception {
        // ok: java.audit.script-engine-eval
        return engine.eval(new InputStreamReader(getClass().getResourceAsStream("/rules.js")));
    }

    Object other(Model model, String sample) {
        // ok: java.audit.script-engine-eval
        return model.eval(sample);
    }
}
