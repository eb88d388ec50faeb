package com.example.tenants;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

public class TenantServlet extends HttpServlet {
    private static final Map<String, String> CATALOGS = Map.of("a", "customer_a", "b", "customer_b");
    private Connection connection;

    protected void doGet(HttpServletRequest request, HttpServletResponse response) {
        try {
            // ruleid: java.injection.system-setting-from-request
            connection.setCatalog(request.getParameter("catalog"));
        } catch (SQLException e) {
            response.setStatus(500);
        }
        // ruleid: java.injection.system-setting-from-request
        System.setProperty(request.getParameter("name"), "true");
        proxy(request.getParameter("proxy"));
    }

    private void proxy(String host) {
        // ruleid: java.injection.system-setting-from-request
        System.setProperty("http.proxyHost", host);
    }

    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws SQLException {
        String tenant = request.getParameter("tenant");
        // ok: java.injection.system-setting-from-request
        connection.setCatalog(CATALOGS.get("a"));
        // ok: java.injection.system-setting-from-request
        connection.setSchema("b".equals(tenant) ? "customer_b" : "customer_a");
        // ok: java.injection.system-setting-from-request
        System.setProperty("app.level", String.valueOf(Integer.parseInt(request.getParameter("level"))));
    }
}
