package com.example.files;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

public class Permissions {
    void legacy(File file) {
        // ruleid: java.permissions.world-accessible-file
        file.setWritable(true, false);
    }

    void posix(Path path) throws Exception {
        // ruleid: java.permissions.world-accessible-file
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwxrwx"));
    }

    void set(Path path, Set<PosixFilePermission> permissions) throws Exception {
        // ruleid: java.permissions.world-accessible-file
        permissions.add(PosixFilePermission.OTHERS_WRITE);
        Files.setPosixFilePermissions(path, permissions);
    }

    void command() throws Exception {
        // ruleid: java.permissions.world-accessible-file
        Runtime.getRuntime().exec("chmod 777 /var/lib/app/data");
    }

    void owner(File file) {
        // ok: java.permissions.world-accessible-file
        file.setWritable(true);
    }

    void ownerOnly(File file) {
        // ok: java.permissions.world-accessible-file
        file.setWritable(true, true);
    }

    void restricted(Path path) throws Exception {
        // ok: java.permissions.world-accessible-file
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-r-----"));
    }

    void enumSet(Path path) throws Exception {
        // ok: java.permissions.world-accessible-file
        Files.setPosixFilePermissions(path, EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));
    }

    void revoke(File file) {
        // ok: java.permissions.world-accessible-file
        file.setWritable(false, false);
    }
}
