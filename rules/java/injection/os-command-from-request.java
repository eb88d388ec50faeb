package com.example.tools;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

public class PingServlet extends HttpServlet {
    private static final Set<String> HOSTS = Set.of("db1", "db2");

    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String host = request.getParameter("host");
        // ruleid: java.injection.os-command-from-request
        Runtime.getRuntime().exec("ping -c 1 " + host);

        String[] line = {"sh", "-c", "nslookup " + host};
        Runtime runtime = Runtime.getRuntime();
        // ruleid: java.injection.os-command-from-request
        runtime.exec(line);

        List<String> words = new ArrayList<>();
        words.add("traceroute");
        words.add(host);
        ProcessBuilder builder = new ProcessBuilder();
        // ruleid: java.injection.os-command-from-request
        builder.command(words);
        builder.start();

        String[] environment = {"TARGET=" + request.getHeader("X-Target")};
        // ruleid: java.injection.os-command-from-request
        runtime.exec(new String[] {"/opt/check.sh"}, environment);

        launch(Arrays.asList("dig", host));
    }

    private Process launch(List<String> command) throws IOException {
        // ruleid: java.injection.os-command-from-request
        return new ProcessBuilder(command).start();
    }

    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        int count = Integer.parseInt(request.getParameter("count"));
        // ok: java.injection.os-command-from-request
        Runtime.getRuntime().exec("ping -c " + count + " db1");

        String host = request.getParameter("host");
        if (HOSTS.contains(host)) {
            // ok: java.injection.os-command-from-request
            new ProcessBuilder("ping", "-c", "1", host).start();
        }

        List<String> words = new ArrayList<>();
        words.add(request.getParameter("name"));
        words.add("uptime");
        words.remove(0);
        // ok: java.injection.os-command-from-request
        new ProcessBuilder(words).start();

        String mode = request.getParameter("mode");
        String flag = "fast".equals(mode) ? "-q" : "-v";
        // ok: java.injection.os-command-from-request
        Runtime.getRuntime().exec(new String[] {"/opt/check.sh", flag});
    }
}

@RestController
class ConvertController {
    @GetMapping("/convert")
    String convert(@RequestParam("format") String format) throws IOException {
        // ruleid: java.injection.os-command-from-request
        new ProcessBuilder("convert", "in.png", "out." + format).start();
        return "ok";
    }
}
