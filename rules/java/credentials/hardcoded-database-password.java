package com.example.db;

import com.zaxxer.hikari.HikariConfig;
import java.sql.Connection;
import java.sql.DriverManager;
import org.apache.commons.dbcp2.BasicDataSource;

public class Connections {
    private static final String PASSWORD = "example-password-for-tests";

    Connection literal(String url) throws Exception {
        // ruleid: java.credentials.hardcoded-database-password
        return DriverManager.getConnection(url, "app", "example-password-for-tests");
    }

    Connection constant() throws Exception {
        // ruleid: java.credentials.hardcoded-database-password
        return DriverManager.getConnection("jdbc:postgresql://db.example.com/app", "app", PASSWORD);
    }

    Connection inAddress() throws Exception {
        // ruleid: java.credentials.hardcoded-database-password
        return DriverManager.getConnection("jdbc:mysql://db.example.com/app?user=app&password=example-password-for-tests");
    }

    HikariConfig pool() {
        HikariConfig config = new HikariConfig();
        // ruleid: java.credentials.hardcoded-database-password
        config.setPassword("example-password-for-tests");
        return config;
    }

    Connection environment(String url) throws Exception {
        // ok: java.credentials.hardcoded-database-password
        return DriverManager.getConnection(url, "app", System.getenv("DB_PASSWORD"));
    }

    Connection memory() throws Exception {
        // ok: java.credentials.hardcoded-database-password
        return DriverManager.getConnection("jdbc:h2:mem:test", "sa", "");
    }

    BasicDataSource configured(Settings settings) {
        BasicDataSource source = new BasicDataSource();
        // ok: java.credentials.hardcoded-database-password
        source.setPassword(settings.databasePassword());
        return source;
    }

    void form(LoginForm form) {
        // ok: java.credentials.hardcoded-database-password
        form.setPassword("example-password-for-tests");
    }
}
