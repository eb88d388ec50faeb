package com.example.archive;

import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;

public class Extractor {
    void stream(InputStream upload, File folder) throws IOException {
        ZipInputStream zip = new ZipInputStream(upload);
        ZipEntry entry;
        while ((entry = zip.getNextEntry()) != null) {
            // ruleid: java.audit.zip-entry-path
            File target = new File(folder, entry.getName());
            zip.transferTo(new FileOutputStream(target));
        }
    }

    void path(ZipFile file, Path folder) throws IOException {
        var entries = file.entries();
        while (entries.hasMoreElements()) {
            ZipEntry entry = entries.nextElement();
            // ruleid: java.audit.zip-entry-path
            Path target = folder.resolve(entry.getName());
            Files.copy(file.getInputStream(entry), target);
        }
    }

    void named(ZipInputStream zip, String folder) throws IOException {
        ZipEntry entry = zip.getNextEntry();
        String name = entry.getName();
        // ruleid: java.audit.zip-entry-path
        File target = new File(folder + File.separator + name);
        zip.transferTo(new FileOutputStream(target));
    }

    void checked(ZipFile file, Path folder) throws IOException {
        var entries = file.entries();
        while (entries.hasMoreElements()) {
            ZipEntry entry = entries.nextElement();
            // ok: java.audit.zip-entry-path
            Path target = folder.resolve(entry.getName()).normalize();
            if (!target.startsWith(folder)) {
                throw new IOException("entry outside target");
            }
            Files.copy(file.getInputStream(entry), target);
        }
    }

    void canonical(ZipInputStream zip, File folder) throws IOException {
        ZipEntry entry = zip.getNextEntry();
        // ok: java.audit.zip-entry-path
        File target = new File(folder, entry.getName());
        if (!target.getCanonicalPath().startsWith(folder.getCanonicalPath() + File.separator)) {
            throw new IOException("entry outside target");
        }
        zip.transferTo(new FileOutputStream(target));
    }

    File report(Report report, File folder) {
        // ok: java.audit.zip-entry-path
        return new File(folder, report.getName());
    }
}
