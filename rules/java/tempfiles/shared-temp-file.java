package com.example.temp;

import java.io.File;
import java.io.FileWriter;
import java.nio.file.Files;
import java.nio.file.Path;

public class TempFiles {
    File legacy() throws Exception {
        // ruleid: java.tempfiles.shared-temp-file
        return File.createTempFile("export", ".csv");
    }

    File guava() {
        // ruleid: java.tempfiles.shared-temp-file
        return com.google.common.io.Files.createTempDir();
    }

    void fixedName(String text) throws Exception {
        // ruleid: java.tempfiles.shared-temp-file
        try (FileWriter writer = new FileWriter("/tmp/export.csv")) {
            writer.write(text);
        }
    }

    Path restricted() throws Exception {
        // ok: java.tempfiles.shared-temp-file
        return Files.createTempFile("export", ".csv");
    }

    Path folder() throws Exception {
        // ok: java.tempfiles.shared-temp-file
        return Files.createTempDirectory("export");
    }

    File ownFolder(File folder) throws Exception {
        // ok: java.tempfiles.shared-temp-file
        return File.createTempFile("export", ".csv", folder);
    }

    void report(String text) throws Exception {
        // ok: java.tempfiles.shared-temp-file
        try (FileWriter writer = new FileWriter("/var/lib/app/export.csv")) {
            writer.write(text);
        }
    }
}
