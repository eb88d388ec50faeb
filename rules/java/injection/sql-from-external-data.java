package com.example.jobs;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.Socket;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.kafka.annotation.KafkaListener;

public class Cleanup {
    private Connection connection;
    private JdbcTemplate jdbc;

    void fromSocket(Socket socket) throws Exception {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(socket.getInputStream(), "UTF-8"))) {
            String name = reader.readLine();
            Statement statement = connection.createStatement();
            // ruleid: java.injection.sql-from-external-data
            statement.execute("DELETE FROM sessions WHERE owner = '" + name + "'");
            // ok: java.injection.sql-from-external-data
            statement.execute("DELETE FROM sessions WHERE id = " + Integer.parseInt(reader.readLine()));
        }
    }

    void secondOrder() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            // ok: java.injection.sql-from-external-data
            ResultSet rows = statement.executeQuery("SELECT name FROM users");
            while (rows.next()) {
                archive(rows.getString("name"));
            }
        }
    }

    private void archive(String owner) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            // ruleid: java.injection.sql-from-external-data
            statement.executeUpdate("INSERT INTO archive SELECT * FROM orders WHERE owner = '" + owner + "'");
        }
    }

    void fromEnvironment() throws SQLException {
        String tenant = System.getenv("TENANT");
        // ruleid: java.injection.sql-from-external-data
        jdbc.execute("CREATE SCHEMA " + tenant);
    }

    @KafkaListener(topics = "users")
    void onMessage(String name) {
        // ruleid: java.injection.sql-from-external-data
        jdbc.update("DELETE FROM users WHERE name = '" + name + "'");
        // ok: java.injection.sql-from-external-data
        jdbc.update("DELETE FROM users WHERE name = ?", name);
    }

    void bound(ResultSet rows) throws SQLException {
        // ok: java.injection.sql-from-external-data
        PreparedStatement ps = connection.prepareStatement("DELETE FROM orders WHERE owner = ?");
        ps.setString(1, rows.getString(1));
        ps.executeUpdate();
        String table = rows.getInt("kind") == 1 ? "orders" : "returns";
        // ok: java.injection.sql-from-external-data
        connection.prepareStatement("SELECT * FROM " + table);
    }
}
