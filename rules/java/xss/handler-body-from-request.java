package com.example.echo;

import java.util.Map;
import javax.ws.rs.GET;
import javax.ws.rs.Path;
import javax.ws.rs.Produces;
import javax.ws.rs.QueryParam;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.Response;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.HtmlUtils;

@RestController
class EchoController {
    @GetMapping("/echo")
    public String echo(@RequestParam String text) {
        // ruleid: java.xss.handler-body-from-request
        return "<p>" + text + "</p>";
    }

    @PostMapping("/echo")
    public ResponseEntity<String> post(@RequestBody String text) {
        // ruleid: java.xss.handler-body-from-request
        return ResponseEntity.ok(text);
    }

    @GetMapping("/error/{code}")
    public ResponseEntity<String> error(@PathVariable String code) {
        // ruleid: java.xss.handler-body-from-request
        return ResponseEntity.status(404).body(page(code));
    }

    private String page(String code) {
        return "<h1>Error " + code + "</h1>";
    }

    @GetMapping("/safe")
    public String safe(@RequestParam String text) {
        // ok: java.xss.handler-body-from-request
        return "<p>" + HtmlUtils.htmlEscape(text) + "</p>";
    }

    @GetMapping(value = "/plain", produces = "text/plain")
    public String plain(@RequestParam String text) {
        // ok: java.xss.handler-body-from-request
        return text;
    }

    @GetMapping("/json")
    public Map<String, String> json(@RequestParam String text) {
        // ok: java.xss.handler-body-from-request
        return Map.of("text", text);
    }

    @GetMapping("/length")
    public String length(@RequestParam String text) {
        // ok: java.xss.handler-body-from-request
        return "length: " + text.length();
    }
}

@Path("/greet")
class GreetResource {
    @GET
    @Produces(MediaType.TEXT_HTML)
    public String html(@QueryParam("name") String name) {
        // ruleid: java.xss.handler-body-from-request
        return "<b>" + name + "</b>";
    }

    @GET
    @Path("/json")
    @Produces(MediaType.APPLICATION_JSON)
    public String json(@QueryParam("name") String name) {
        // ok: java.xss.handler-body-from-request
        return "{\"name\": \"" + name + "\"}";
    }
}
