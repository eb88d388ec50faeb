package com.example.plugins;

import java.lang.reflect.Method;
import java.util.Map;
import java.util.function.Supplier;
import javax.servlet.http.HttpServletRequest;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

@RestController
class ReportController {
    private static final Map<String, Class<?>> TYPES = Map.of("pdf", StringBuilder.class);

    Object create(HttpServletRequest request) throws Exception {
        // ruleid: java.injection.reflection-from-request
        return Class.forName(request.getParameter("type")).getDeclaredConstructor().newInstance();
    }

    @GetMapping("/run/{action}")
    Object run(@PathVariable String action) throws Exception {
        // ruleid: java.injection.reflection-from-request
        Method method = this.getClass().getMethod(action);
        return method.invoke(this);
    }

    @GetMapping("/load/{plugin}")
    Object load(@PathVariable String plugin) throws Exception {
        return type("com.example.plugins." + plugin);
    }

    private Class<?> type(String name) throws ClassNotFoundException {
        // ruleid: java.injection.reflection-from-request
        return Thread.currentThread().getContextClassLoader().loadClass(name);
    }

    Object allowed(HttpServletRequest request) throws Exception {
        // ok: java.injection.reflection-from-request
        Class<?> type = TYPES.get(request.getParameter("type"));
        return type.getDeclaredConstructor().newInstance();
    }

    Object fixed(HttpServletRequest request) throws Exception {
        String type = request.getParameter("type");
        // ok: java.injection.reflection-from-request
        Object driver = Class.forName("org.postgresql.Driver");
        return driver + type;
    }

    Object chosen(HttpServletRequest request) throws Exception {
        String name = "csv".equals(request.getParameter("type")) ? "com.example.Csv" : "com.example.Pdf";
        // ok: java.injection.reflection-from-request
        return Class.forName(name);
    }
}
