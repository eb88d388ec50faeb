package com.example.filters;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.servlet.http.HttpServletRequest;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
class FilterController {
    private List<String> names;

    List<String> search(HttpServletRequest request) {
        // ruleid: java.injection.regex-from-request
        Pattern pattern = Pattern.compile(request.getParameter("q"));
        return names.stream().filter(pattern.asPredicate()).collect(Collectors.toList());
    }

    @GetMapping("/match")
    boolean match(@RequestParam String expression, @RequestParam String text) {
        // ruleid: java.injection.regex-from-request
        return Pattern.matches(expression, text);
    }

    @GetMapping("/replace")
    String replace(@RequestParam String from) {
        return without(from, "some text");
    }

    private String without(String expression, String text) {
        // ruleid: java.injection.regex-from-request
        return text.replaceAll(expression, "");
    }

    @GetMapping("/prefix")
    boolean prefix(@RequestParam String prefix) {
        // ok: java.injection.regex-from-request
        return Pattern.compile("^" + Pattern.quote(prefix) + "-\\d+$").matcher("a-1").matches();
    }

    boolean plain(HttpServletRequest request) {
        String name = request.getParameter("name");
        // ok: java.injection.regex-from-request
        return name.matches("[a-z]+");
    }

    @GetMapping("/digits")
    boolean digits(@RequestParam String count) {
        // ok: java.injection.regex-from-request
        return Pattern.matches("\\d{" + Integer.parseInt(count) + "}", "123");
    }
}
