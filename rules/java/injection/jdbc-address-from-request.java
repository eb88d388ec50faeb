package com.example.connections;

import com.zaxxer.hikari.HikariConfig;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import javax.servlet.http.HttpServletRequest;
import javax.sql.DataSource;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

@RestController
class ConnectionController {
    private Map<String, DataSource> sources;

    Connection test(HttpServletRequest request) throws SQLException {
        // ruleid: java.injection.jdbc-address-from-request
        return DriverManager.getConnection("jdbc:mysql://" + request.getParameter("host") + "/shop");
    }

    @PostMapping("/connections")
    void create(@RequestBody Target target) {
        HikariConfig config = new HikariConfig();
        // ruleid: java.injection.jdbc-address-from-request
        config.setJdbcUrl(target.url);
        config.setMaximumPoolSize(2);
    }

    @PostMapping("/check")
    void check(@RequestBody Target target) throws SQLException {
        open(target.url).close();
    }

    private Connection open(String url) throws SQLException {
        // ruleid: java.injection.jdbc-address-from-request
        return DriverManager.getConnection(url, "reader", "");
    }

    Connection fixed(HttpServletRequest request) throws SQLException {
        String user = request.getParameter("user");
        // ok: java.injection.jdbc-address-from-request
        return DriverManager.getConnection("jdbc:postgresql://db/shop", user, request.getParameter("password"));
    }

    Connection listed(HttpServletRequest request) throws SQLException {
        // ok: java.injection.jdbc-address-from-request
        return sources.get(request.getParameter("region")).getConnection();
    }

    Connection numbered(HttpServletRequest request) throws SQLException {
        // ok: java.injection.jdbc-address-from-request
        return DriverManager.getConnection("jdbc:postgresql://db/shop_" + Integer.parseInt(request.getParameter("year")));
    }
}

class Target {
    String url;
}
