package shop.payments;

import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.stereotype.Repository;

/** All statements about invoices. */
@Repository
class InvoiceRepository {

    private static final String COLUMNS = "id, customer, total_cents, paid";

    private static final RowMapper<Invoice> ROW = (row, number) -> new Invoice(
            row.getLong("id"), row.getString("customer"), row.getLong("total_cents"), row.getBoolean("paid"));

    private final JdbcTemplate database;

    InvoiceRepository(JdbcTemplate database) {
        this.database = database;
    }

    Optional<Invoice> find(long id) {
        return database.query("select " + COLUMNS + " from invoices where id = ?", ROW, id).stream().findFirst();
    }

    List<Invoice> ofCustomer(String customer, int limit) {
        String statement = "select id, customer, total_cents, paid from invoices where customer = '" + customer + "'"
                + " order by id desc limit " + limit;
        return database.query(statement, ROW);
    }

    List<Invoice> open(int limit) {
        return database.query(
                "select " + COLUMNS + " from invoices where not paid order by id desc limit ?", ROW, limit);
    }

    void markPaid(long id) {
        database.update("update invoices set paid = true where id = ?", id);
    }
}

record Invoice(long id, String customer, long totalCents, boolean paid) {}
