package com.example.graph;

import java.util.Map;
import org.neo4j.driver.Driver;
import org.neo4j.driver.Query;
import org.neo4j.driver.Result;
import org.neo4j.driver.Session;
import org.springframework.data.neo4j.core.Neo4jClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
class FriendController {
    private Driver driver;
    private Neo4jClient client;

    @GetMapping("/friends/{name}")
    Object friends(@PathVariable String name) {
        try (Session session = driver.session()) {
            // ruleid: java.injection.graph-query-from-request
            return session.run("MATCH (u:User {name: '" + name + "'})-[:FRIEND]->(f) RETURN f").list();
        }
    }

    @GetMapping("/find")
    Object find(@RequestParam("label") String label) {
        String text = String.format("MATCH (n:%s) RETURN n", label);
        // ruleid: java.injection.graph-query-from-request
        return client.query(text).fetch().all();
    }

    @GetMapping("/count")
    Object count(@RequestParam("where") String where) {
        return evaluate("MATCH (n) WHERE " + where + " RETURN count(n)");
    }

    private Object evaluate(String cypher) {
        try (Session session = driver.session()) {
            // ruleid: java.injection.graph-query-from-request
            return session.run(new Query(cypher)).single();
        }
    }

    @GetMapping("/safe/{name}")
    Object safe(@PathVariable String name) {
        try (Session session = driver.session()) {
            // ok: java.injection.graph-query-from-request
            Result found = session.run("MATCH (u:User {name: $name}) RETURN u", Map.of("name", name));
            return found.list();
        }
    }

    @GetMapping("/limited")
    Object limited(@RequestParam String limit) {
        // ok: java.injection.graph-query-from-request
        return client.query("MATCH (n) RETURN n LIMIT " + Integer.parseInt(limit)).fetch().all();
    }

    @GetMapping("/labels")
    Object labels(@RequestParam String label) {
        String known = label.equals("User") ? "User" : "Group";
        // ok: java.injection.graph-query-from-request
        return client.query("MATCH (n:" + known + ") RETURN n").fetch().all();
    }
}
