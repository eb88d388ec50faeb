package com.example.users;

import java.io.IOException;
import java.io.PrintWriter;
import java.sql.ResultSet;
import java.sql.SQLException;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

public class UserServlet extends HttpServlet {
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String password = request.getParameter("password");
        // ruleid: java.exposure.password-in-response
        response.getWriter().println("<input type='password' value='" + password + "'>");
        // ok: java.exposure.password-in-response
        response.getWriter().println("<input type='password'>");
        // ok: java.exposure.password-in-response
        response.getWriter().println(password.length() < 12 ? "too short" : "fine");
    }

    void list(ResultSet rows, HttpServletResponse response) throws SQLException, IOException {
        while (rows.next()) {
            row(response.getWriter(), rows.getString("password"));
        }
    }

    private void row(PrintWriter out, String text) {
        // ruleid: java.exposure.password-in-response
        out.println("<td>" + text + "</td>");
    }
}

@RestController
class UserController {
    private User user;

    @GetMapping("/me")
    public String me() {
        // ruleid: java.exposure.password-in-response
        return user.getName() + ":" + user.getPassword();
    }

    @GetMapping("/name")
    public String name() {
        // ok: java.exposure.password-in-response
        return user.getName();
    }
}

class User {
    private String name;
    private String password;

    String getName() {
        return name;
    }

    String getPassword() {
        return password;
    }
}
