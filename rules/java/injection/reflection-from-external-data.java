package com.example.tasks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;

public class TaskRunner {
    private static final Map<String, Class<?>> TASKS = Map.of("clean", Object.class);

    Object fromRow(ResultSet row) throws Exception {
        // ruleid: java.injection.reflection-from-external-data
        return Class.forName(row.getString("task")).getDeclaredConstructor().newInstance();
    }

    Object fromPeer(Socket peer) throws Exception {
        BufferedReader reader = new BufferedReader(new InputStreamReader(peer.getInputStream()));
        return load(reader.readLine());
    }

    private Class<?> load(String name) throws ClassNotFoundException {
        // ruleid: java.injection.reflection-from-external-data
        return getClass().getClassLoader().loadClass(name);
    }

    Object fromEnvironment() throws Exception {
        // ruleid: java.injection.reflection-from-external-data
        return Class.forName(System.getenv("TASK_CLASS"));
    }

    Object listed(ResultSet row) throws SQLException {
        // ok: java.injection.reflection-from-external-data
        return TASKS.get(row.getString("task"));
    }

    Object constant(ResultSet row) throws Exception {
        String name = row.getString("task");
        name = "com.example.tasks.Clean";
        // ok: java.injection.reflection-from-external-data
        return Class.forName(name);
    }

    Object chosen(ResultSet row) throws Exception {
        // ok: java.injection.reflection-from-external-data
        return Class.forName(row.getInt("kind") == 1 ? "com.example.A" : "com.example.B");
    }

    Object described(ResultSet columns) throws Exception {
        // ok: java.injection.reflection-from-external-data
        return Class.forName(columns.getString("TYPE_NAME"));
    }
}
