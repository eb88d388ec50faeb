package com.example.reports;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Properties;

public class Report {
    void titles(ResultSet rows) throws SQLException {
        while (rows.next()) {
            // ruleid: java.injection.format-string-from-external-data
            System.out.printf(rows.getString("title") + "%n");
            // ok: java.injection.format-string-from-external-data
            System.out.printf("%s%n", rows.getString("title"));
        }
    }

    void peer(Socket socket) throws IOException {
        BufferedReader reader = new BufferedReader(new InputStreamReader(socket.getInputStream()));
        print(reader.readLine());
    }

    private void print(String line) {
        // ruleid: java.injection.format-string-from-external-data
        System.out.format(line);
        // ok: java.injection.format-string-from-external-data
        System.out.println(line);
    }

    String configured(String name) {
        // ruleid: java.injection.format-string-from-external-data
        return String.format(System.getenv("GREETING"), name);
    }

    String translated(Properties texts, String name) {
        // ok: java.injection.format-string-from-external-data
        return String.format(texts.getProperty("greeting"), name);
    }

    String numbers(ResultSet rows) throws SQLException {
        // ok: java.injection.format-string-from-external-data
        return String.format("%" + rows.getInt("width") + "d", 1);
    }
}
