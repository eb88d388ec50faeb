package com.example.mails;

import freemarker.template.Configuration;
import freemarker.template.Template;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.Map;
import javax.servlet.http.HttpServletRequest;
import org.apache.velocity.VelocityContext;
import org.apache.velocity.app.Velocity;
import org.apache.velocity.app.VelocityEngine;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.thymeleaf.TemplateEngine;
import org.thymeleaf.context.Context;

@RestController
class MailPreview {
    private Configuration configuration;
    private TemplateEngine thymeleaf;

    String velocity(HttpServletRequest request) {
        StringWriter out = new StringWriter();
        String text = "Dear " + request.getParameter("name") + ", welcome";
        // ruleid: java.injection.template-from-request
        Velocity.evaluate(new VelocityContext(), out, "mail", text);
        return out.toString();
    }

    @PostMapping("/preview")
    void freemarker(@RequestBody String body) throws IOException {
        // ruleid: java.injection.template-from-request
        Template template = new Template("preview", new StringReader(body), configuration);
        template.getName();
    }

    @PostMapping("/preview2")
    String thymeleaf(@RequestBody Mail mail) {
        return render(mail.body);
    }

    private String render(String text) {
        // ruleid: java.injection.template-from-request
        return thymeleaf.process(text, new Context());
    }

    String safe(HttpServletRequest request, VelocityEngine engine) {
        StringWriter out = new StringWriter();
        VelocityContext context = new VelocityContext();
        context.put("name", request.getParameter("name"));
        // ok: java.injection.template-from-request
        engine.evaluate(context, out, "mail", "Dear $name, welcome");
        return out.toString();
    }

    @PostMapping("/fixed")
    String fixed(@RequestBody Mail mail) {
        Context context = new Context();
        context.setVariable("body", mail.body);
        // ok: java.injection.template-from-request
        return thymeleaf.process("mail", context);
    }

    void chosen(HttpServletRequest request) throws IOException {
        String text = request.getParameter("language").equals("de") ? "Hallo ${name}" : "Hello ${name}";
        // ok: java.injection.template-from-request
        new Template("greeting", new StringReader(text), configuration);
    }
}

class Mail {
    String body;
}
