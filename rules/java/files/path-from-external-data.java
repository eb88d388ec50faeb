package com.example.transfer;

import java.io.BufferedReader;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.springframework.kafka.annotation.KafkaListener;

public class Transfer {
    private final Path folder = Paths.get("/srv/transfer");

    InputStream requested(Socket peer) throws IOException {
        BufferedReader reader = new BufferedReader(new InputStreamReader(peer.getInputStream()));
        // ruleid: java.files.path-from-external-data
        return new FileInputStream("/srv/transfer/" + reader.readLine());
    }

    void stored(ResultSet rows) throws SQLException, IOException {
        while (rows.next()) {
            remove(rows.getString("path"));
        }
    }

    private void remove(String path) throws IOException {
        // ruleid: java.files.path-from-external-data
        Files.deleteIfExists(Paths.get(path));
    }

    @KafkaListener(topics = "files")
    void onFile(String name) throws IOException {
        // ruleid: java.files.path-from-external-data
        Files.createFile(folder.resolve(name));
        Path inside = folder.resolve("in").normalize();
        // ok: java.files.path-from-external-data
        Files.createFile(inside);
    }

    void numbered(ResultSet rows) throws SQLException, IOException {
        // ok: java.files.path-from-external-data
        Files.deleteIfExists(folder.resolve(rows.getLong("id") + ".dat"));
        // ok: java.files.path-from-external-data
        Files.deleteIfExists(folder.resolve(new File(rows.getString("path")).getName()));
    }

    FileReader home() throws IOException {
        // ok: java.files.path-from-external-data
        return new FileReader(System.getProperty("user.home") + "/.transfer");
    }
}
