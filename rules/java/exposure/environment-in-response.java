package com.example.status;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Map;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

public class StatusServlet extends HttpServlet {
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        PrintWriter out = response.getWriter();
        for (Map.Entry<String, String> entry : System.getenv().entrySet()) {
            // ruleid: java.exposure.environment-in-response
            out.println(entry.getKey() + "=" + entry.getValue());
        }
        // ruleid: java.exposure.environment-in-response
        out.println("java " + System.getProperty("java.version"));
        show(out, System.getenv("DATABASE_URL"));
    }

    private void show(PrintWriter out, String text) {
        // ruleid: java.exposure.environment-in-response
        out.print(text);
    }

    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String mode = System.getenv("MODE");
        boolean debug = "debug".equals(mode);
        // ok: java.exposure.environment-in-response
        response.getWriter().println("debug: " + debug);
        // ok: java.exposure.environment-in-response
        response.getWriter().println("up");
        // ok: java.exposure.environment-in-response
        response.getWriter().print("a" + System.getProperty("line.separator"));
    }
}

@RestController
class StatusController {
    @GetMapping("/env")
    public String env() {
        // ruleid: java.exposure.environment-in-response
        return "home: " + System.getProperty("java.home");
    }
}
