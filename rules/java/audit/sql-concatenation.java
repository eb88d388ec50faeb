package com.example.repo;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Collections;
import java.util.List;
import javax.persistence.EntityManager;
import org.springframework.jdbc.core.JdbcTemplate;

public class UserRepository {
    private static final String TABLE = "users";
    private JdbcTemplate jdbcTemplate;

    ResultSet direct(Statement statement, String name) throws Exception {
        // ruleid: java.audit.sql-concatenation
        return statement.executeQuery("SELECT * FROM users WHERE name = '" + name + "'");
    }

    void created(Connection connection, String id) throws Exception {
        // ruleid: java.audit.sql-concatenation
        connection.createStatement().executeUpdate("DELETE FROM users WHERE id = " + id);
    }

    ResultSet variable(Connection connection, String name) throws Exception {
        String sql = "SELECT * FROM users WHERE name = '" + name + "'";
        PreparedStatement statement;
        // ruleid: java.audit.sql-concatenation
        statement = connection.prepareStatement(sql);
        return statement.executeQuery();
    }

    List<?> template(String order) {
        // ruleid: java.audit.sql-concatenation
        return jdbcTemplate.queryForList(String.format("SELECT * FROM users ORDER BY %s", order));
    }

    List<?> jpa(EntityManager em, UserFilter filter) {
        // ruleid: java.audit.sql-concatenation
        return em.createQuery("SELECT u FROM User u WHERE u.name = '" + filter.getName() + "'").getResultList();
    }

    List<?> nativeQuery(EntityManager em, String where) {
        // ruleid: java.audit.sql-concatenation
        return em.createNativeQuery("SELECT * FROM users WHERE " + where).getResultList();
    }

    ResultSet bound(Connection connection, String name) throws Exception {
        // ok: java.audit.sql-concatenation
        PreparedStatement statement = connection.prepareStatement("SELECT * FROM users WHERE name = ?");
        statement.setString(1, name);
        return statement.executeQuery();
    }

    ResultSet constant(Statement statement) throws Exception {
        // ok: java.audit.sql-concatenation
        return statement.executeQuery("SELECT * FROM " + TABLE + " WHERE active = 1");
    }

    List<?> foreignConstant() {
        // ok: java.audit.sql-concatenation
        return jdbcTemplate.queryForList("SELECT * FROM " + Tables.USERS + " WHERE id = ?", 7);
    }

    ResultSet split(Statement statement) throws Exception {
        String sql = "SELECT id, name "
            + "FROM users "
            + "ORDER BY name";
        // ok: java.audit.sql-concatenation
        return statement.executeQuery(sql);
    }

    ResultSet number(Statement statement, int id) throws Exception {
        // ok: java.audit.sql-concatenation
        return statement.executeQuery("SELECT * FROM users WHERE id = " + id);
    }

    PreparedStatement list(Connection connection, List<Long> ids) throws Exception {
        // ok: java.audit.sql-concatenation
        return connection.prepareStatement(
            "SELECT * FROM users WHERE id IN (" + String.join(",", Collections.nCopies(ids.size(), "?")) + ")");
    }

    void search(Browser browser, String term) {
        // ok: java.audit.sql-concatenation
        browser.executeQuery("title:" + term);
    }
}
