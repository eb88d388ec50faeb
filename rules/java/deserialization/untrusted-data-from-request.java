package com.example.carts;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.thoughtworks.xstream.XStream;
import java.beans.XMLDecoder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.util.Base64;
import javax.servlet.http.Cookie;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

public class CartServlet extends HttpServlet {
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        for (Cookie cookie : request.getCookies()) {
            byte[] bytes = Base64.getDecoder().decode(cookie.getValue());
            // ruleid: java.deserialization.untrusted-data-from-request
            ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes));
            in.close();
        }
    }

    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        // ruleid: java.deserialization.untrusted-data-from-request
        XMLDecoder decoder = new XMLDecoder(request.getInputStream());
        decoder.close();
        restore(request.getParameter("cart"));
        // ok: java.deserialization.untrusted-data-from-request
        Cart cart = new ObjectMapper().readValue(request.getInputStream(), Cart.class);
        // ok: java.deserialization.untrusted-data-from-request
        Object plain = new Yaml(new SafeConstructor()).load(request.getReader());
    }

    private Object restore(String xml) {
        XStream xstream = new XStream();
        // ruleid: java.deserialization.untrusted-data-from-request
        return xstream.fromXML(xml);
    }

    Object ownFile(HttpServletRequest request) throws IOException {
        String name = request.getParameter("name");
        // ok: java.deserialization.untrusted-data-from-request
        return new ObjectInputStream(CartServlet.class.getResourceAsStream("/defaults.bin"));
    }
}

@RestController
class YamlController {
    @PostMapping("/yaml")
    Object yaml(@RequestBody String text) {
        // ruleid: java.deserialization.untrusted-data-from-request
        return new Yaml().load(text);
    }
}

class Cart {
    public String owner;
}
