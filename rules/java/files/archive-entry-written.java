package com.example.imports;

import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;

public class Importer {
    void stream(ZipInputStream in, File folder) throws IOException {
        ZipEntry entry;
        while ((entry = in.getNextEntry()) != null) {
            File file = new File(folder, entry.getName());
            // ruleid: java.files.archive-entry-written
            try (OutputStream out = new FileOutputStream(file)) {
                in.transferTo(out);
            }
        }
    }

    void file(ZipFile zip, Path folder) throws IOException {
        Enumeration<? extends ZipEntry> entries = zip.entries();
        while (entries.hasMoreElements()) {
            ZipEntry entry = entries.nextElement();
            // ruleid: java.files.archive-entry-written
            Files.copy(zip.getInputStream(entry), folder.resolve(entry.getName()));
        }
    }

    void helper(ZipInputStream in, Path folder) throws IOException {
        ZipEntry entry = in.getNextEntry();
        write(folder.resolve(entry.getName()), in);
    }

    private void write(Path target, InputStream in) throws IOException {
        // ruleid: java.files.archive-entry-written
        Files.copy(in, target);
    }

    void checked(ZipInputStream in, Path folder) throws IOException {
        ZipEntry entry = in.getNextEntry();
        Path target = folder.resolve(entry.getName()).normalize();
        if (!target.startsWith(folder)) {
            throw new IOException("entry outside the folder");
        }
        // ok: java.files.archive-entry-written
        Files.copy(in, target);
    }

    void canonical(ZipInputStream in, File folder) throws IOException {
        ZipEntry entry = in.getNextEntry();
        File target = new File(folder, entry.getName());
        if (!target.getCanonicalPath().startsWith(folder.getCanonicalPath() + File.separator)) {
            throw new IOException("entry outside the folder");
        }
        // ok: java.files.archive-entry-written
        try (OutputStream out = new FileOutputStream(target)) {
            in.transferTo(out);
        }
    }

    void flat(ZipInputStream in, Path folder) throws IOException {
        ZipEntry entry = in.getNextEntry();
        String name = new File(entry.getName()).getName();
        // ok: java.files.archive-entry-written
        Files.copy(in, folder.resolve(name));
    }
}
