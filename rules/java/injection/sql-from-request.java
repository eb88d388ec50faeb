package com.example.shop;

import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import javax.persistence.EntityManager;
import javax.servlet.http.Cookie;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

public class ProductServlet extends HttpServlet {
    private Connection connection;

    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws Exception {
        String category = request.getParameter("category");
        String sql = "SELECT id, title FROM products WHERE category = '" + category + "'";
        Statement statement = connection.createStatement();
        // ruleid: java.injection.sql-from-request
        ResultSet rows = statement.executeQuery(sql);

        for (Cookie cookie : request.getCookies()) {
            if ("shop".equals(cookie.getName())) {
                // ruleid: java.injection.sql-from-request
                connection.createStatement().execute("DELETE FROM carts WHERE shop = '" + cookie.getValue() + "'");
            }
        }

        StringBuilder text = new StringBuilder("{call audit('");
        text.append(request.getHeader("User-Agent")).append("')}");
        // ruleid: java.injection.sql-from-request
        CallableStatement call = connection.prepareCall(text.toString());
        call.execute();

        removeByName(request.getQueryString());
    }

    private void removeByName(String name) throws SQLException {
        // ruleid: java.injection.sql-from-request
        connection.prepareStatement("DELETE FROM products WHERE title = '" + name + "'").executeUpdate();
    }

    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws Exception {
        // ok: java.injection.sql-from-request
        PreparedStatement ps = connection.prepareStatement("SELECT * FROM products WHERE category = ?");
        ps.setString(1, request.getParameter("category"));
        // ok: java.injection.sql-from-request
        ps.executeQuery();

        int page = Integer.parseInt(request.getParameter("page"));
        Statement statement = connection.createStatement();
        // ok: java.injection.sql-from-request
        statement.executeQuery("SELECT * FROM products LIMIT 20 OFFSET " + page);

        String order = request.getParameter("order");
        order = "title";
        // ok: java.injection.sql-from-request
        statement.executeQuery("SELECT * FROM products ORDER BY " + order);

        String column;
        switch (request.getParameter("sort")) {
            case "price":
                column = "price";
                break;
            default:
                column = "title";
        }
        // ok: java.injection.sql-from-request
        statement.executeQuery("SELECT * FROM products ORDER BY " + column);
    }
}

@RestController
class ProductController {
    private final JdbcTemplate jdbc;
    private final EntityManager em;

    ProductController(JdbcTemplate jdbc, EntityManager em) {
        this.jdbc = jdbc;
        this.em = em;
    }

    @GetMapping("/products")
    List<Map<String, Object>> list(@RequestParam String filter, @RequestParam("limit") int limit) {
        // ruleid: java.injection.sql-from-request
        List<Map<String, Object>> found = jdbc.queryForList("SELECT * FROM products WHERE " + filter);
        // ok: java.injection.sql-from-request
        found.addAll(jdbc.queryForList("SELECT * FROM products LIMIT " + limit));
        // ok: java.injection.sql-from-request
        found.addAll(jdbc.queryForList("SELECT * FROM products WHERE title LIKE ?", "%" + filter + "%"));
        return found;
    }

    @GetMapping("/products/{name}")
    Object one(@PathVariable("name") String name) {
        // ruleid: java.injection.sql-from-request
        return em.createQuery("SELECT p FROM Product p WHERE p.name = '" + name + "'").getSingleResult();
    }

    @GetMapping("/products/{id}/reviews")
    Object reviews(@PathVariable Long id) {
        // ok: java.injection.sql-from-request
        return em.createNativeQuery("SELECT * FROM reviews WHERE product = " + id).getResultList();
    }

    @PostMapping("/products/search")
    Object search(@RequestBody Search search) {
        // ruleid: java.injection.sql-from-request
        jdbc.update(String.format("UPDATE stats SET n = n + 1 WHERE term = '%s'", search.getTerm()));
        // ok: java.injection.sql-from-request
        return em.createQuery("SELECT p FROM Product p WHERE p.name = :name").setParameter("name", search.getTerm());
    }
}

class Search {
    private String term;

    String getTerm() {
        return term;
    }
}
