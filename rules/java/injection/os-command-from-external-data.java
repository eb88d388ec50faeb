package com.example.agent;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.net.Socket;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Properties;
import java.util.Map;

public class Agent {
    private static final Map<String, String> TOOLS = Map.of("disk", "/usr/bin/df", "load", "/usr/bin/uptime");

    void serve(ServerSocket server) throws IOException {
        Socket peer = server.accept();
        BufferedReader in = new BufferedReader(new InputStreamReader(peer.getInputStream()));
        String line = in.readLine();
        // ruleid: java.injection.os-command-from-external-data
        Runtime.getRuntime().exec("/opt/agent/run " + line);
    }

    void scheduled(ResultSet job) throws SQLException, IOException {
        start(job.getString("command"));
    }

    private void start(String command) throws IOException {
        // ruleid: java.injection.os-command-from-external-data
        new ProcessBuilder("sh", "-c", command).start();
    }

    void configured(Properties settings) throws IOException {
        // ruleid: java.injection.os-command-from-external-data
        Runtime.getRuntime().exec(settings.getProperty("hook") + " --now");
    }

    void allowed(ServerSocket server) throws IOException {
        Socket peer = server.accept();
        BufferedReader in = new BufferedReader(new InputStreamReader(peer.getInputStream()));
        int seconds = Integer.parseInt(in.readLine());
        // ok: java.injection.os-command-from-external-data
        new ProcessBuilder("sleep", String.valueOf(seconds)).start();
        String tool = in.readLine();
        tool = "/usr/bin/df";
        // ok: java.injection.os-command-from-external-data
        Runtime.getRuntime().exec(tool);
    }

    void sameJava() throws IOException {
        // ok: java.injection.os-command-from-external-data
        new ProcessBuilder(System.getProperty("java.home") + "/bin/java", "-version").start();
        // ok: java.injection.os-command-from-external-data
        new ProcessBuilder(System.getenv("JAVA_HOME") + "/bin/javac", "-version").start();
    }
}
