package com.example.users;

import com.mongodb.BasicDBObject;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import jakarta.servlet.http.HttpServletRequest;
import org.bson.Document;
import org.springframework.data.mongodb.core.MongoTemplate;
import org.springframework.data.mongodb.core.query.BasicQuery;
import org.springframework.data.mongodb.core.query.Criteria;
import org.springframework.data.mongodb.core.query.Query;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
class UserSearch {
    private MongoCollection<Document> users;
    private MongoTemplate mongo;

    Document login(HttpServletRequest request) {
        String name = request.getParameter("name");
        // ruleid: java.injection.nosql-from-request
        Document query = Document.parse("{\"name\": \"" + name + "\"}");
        return users.find(query).first();
    }

    Document byScript(HttpServletRequest request) {
        String script = "this.age > " + request.getParameter("age");
        // ruleid: java.injection.nosql-from-request
        return users.find(new BasicDBObject("$where", script)).first();
    }

    @GetMapping("/users")
    Object search(@RequestParam String filter) {
        return run(filter);
    }

    private Object run(String json) {
        // ruleid: java.injection.nosql-from-request
        return mongo.find(new BasicQuery(json), Document.class);
    }

    Document safe(HttpServletRequest request) {
        // ok: java.injection.nosql-from-request
        return users.find(Filters.eq("name", request.getParameter("name"))).first();
    }

    Document number(HttpServletRequest request) {
        int age = Integer.parseInt(request.getParameter("age"));
        // ok: java.injection.nosql-from-request
        return users.find(Document.parse("{\"age\": " + age + "}")).first();
    }

    @GetMapping("/users/by-name")
    Object criteria(@RequestParam String name) {
        // ok: java.injection.nosql-from-request
        return mongo.find(new Query(Criteria.where("name").is(name)), Document.class);
    }

    Document constant(HttpServletRequest request) {
        String filter = request.getParameter("filter");
        filter = "{\"active\": true}";
        // ok: java.injection.nosql-from-request
        return users.find(Document.parse(filter)).first();
    }
}
