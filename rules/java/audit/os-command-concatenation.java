package com.example.tools;

import java.util.List;

public class Tools {
    private static final String LIST = "ls";

    Process concat(String host) throws Exception {
        // ruleid: java.audit.os-command-concatenation
        return Runtime.getRuntime().exec("ping -c 1 " + host);
    }

    Process variable(String file) throws Exception {
        String command = "convert " + file + " out.png";
        // ruleid: java.audit.os-command-concatenation
        return Runtime.getRuntime().exec(command);
    }

    Process local(String file) throws Exception {
        Runtime runtime = Runtime.getRuntime();
        // ruleid: java.audit.os-command-concatenation
        return runtime.exec("wc -l " + file);
    }

    Process shell(String command) throws Exception {
        // ruleid: java.audit.os-command-concatenation
        return new ProcessBuilder("/bin/sh", "-c", command).start();
    }

    Process windows(String name) throws Exception {
        // ruleid: java.audit.os-command-concatenation
        return Runtime.getRuntime().exec(new String[] {"cmd.exe", "/c", "type " + name});
    }

    Process list(String path) throws Exception {
        // ruleid: java.audit.os-command-concatenation
        return new ProcessBuilder(List.of("bash", "-c", "du -sh " + path)).start();
    }

    Process fixed() throws Exception {
        // ok: java.audit.os-command-concatenation
        return Runtime.getRuntime().exec(LIST + " -l /var/tmp");
    }

    Process arguments(String host) throws Exception {
        // ok: java.audit.os-command-concatenation
        return new ProcessBuilder("ping", "-c", "1", host).start();
    }

    Process constantShell() throws Exception {
        // ok: java.audit.os-command-concatenation
        return new ProcessBuilder("sh", "-c", "ps aux | wc -l").start();
    }

    void other(Executor pool, String name) {
        // ok: java.audit.os-command-concatenation
        pool.exec("task-" + name);
    }
}
