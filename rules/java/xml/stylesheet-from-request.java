package com.example.render;

import java.io.StringReader;
import javax.servlet.http.HttpServletRequest;
import javax.xml.transform.Templates;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.stream.StreamSource;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

@RestController
class RenderController {
    Transformer address(HttpServletRequest request) throws Exception {
        TransformerFactory factory = TransformerFactory.newInstance();
        // ruleid: java.xml.stylesheet-from-request
        return factory.newTransformer(new StreamSource(request.getParameter("xsl")));
    }

    @PostMapping("/render")
    Templates body(@RequestBody String xsl) throws Exception {
        // ruleid: java.xml.stylesheet-from-request
        return TransformerFactory.newInstance().newTemplates(new StreamSource(new StringReader(xsl)));
    }

    @PostMapping("/helper")
    Transformer helper(@RequestBody String xsl) throws Exception {
        return make(xsl);
    }

    private Transformer make(String text) throws Exception {
        StreamSource source = new StreamSource(new StringReader(text));
        // ruleid: java.xml.stylesheet-from-request
        return TransformerFactory.newInstance().newTransformer(source);
    }

    Transformer fixed(HttpServletRequest request) throws Exception {
        // ok: java.xml.stylesheet-from-request
        Transformer transformer = TransformerFactory.newInstance().newTransformer(new StreamSource("report.xsl"));
        transformer.setParameter("title", request.getParameter("title"));
        return transformer;
    }

    Transformer chosen(HttpServletRequest request) throws Exception {
        String name = "short".equals(request.getParameter("form")) ? "short.xsl" : "long.xsl";
        // ok: java.xml.stylesheet-from-request
        return TransformerFactory.newInstance().newTransformer(new StreamSource(name));
    }

    Transformer identity(HttpServletRequest request) throws Exception {
        String title = request.getParameter("title");
        // ok: java.xml.stylesheet-from-request
        return TransformerFactory.newInstance().newTransformer();
    }
}
