package repo

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"strings"

	"gorm.io/gorm"
)

const columns = "id, name"

func Concat(db *sql.DB, name string) (*sql.Rows, error) {
	// ruleid: go.audit.sql-string-building
	return db.Query("SELECT id FROM users WHERE name = '" + name + "'")
}

func Format(ctx context.Context, db *sql.DB, id string) error {
	// ruleid: go.audit.sql-string-building
	_, err := db.ExecContext(ctx, fmt.Sprintf("DELETE FROM users WHERE id = %s", id))
	return err
}

func Variable(db *sql.DB, name string) *sql.Row {
	query := fmt.Sprintf("SELECT id FROM users WHERE name LIKE '%%%s%%'", name)
	// ruleid: go.audit.sql-string-building
	return db.QueryRow(query)
}

func Gorm(db *gorm.DB, name string) *gorm.DB {
	// ruleid: go.audit.sql-string-building
	return db.Where(fmt.Sprintf("name = '%s'", name))
}

func Order(db *sql.DB, order string) (*sql.Rows, error) {
	query := "SELECT id FROM users ORDER BY " + order
	// ruleid: go.audit.sql-string-building
	return db.Query(query)
}

func Bound(db *sql.DB, name string) (*sql.Rows, error) {
	// ok: go.audit.sql-string-building
	return db.Query("SELECT id FROM users WHERE name = $1", name)
}

func Constant(db *sql.DB, name string) (*sql.Rows, error) {
	// ok: go.audit.sql-string-building
	return db.Query("SELECT "+columns+" FROM users WHERE name = ?", name)
}

func Table(db *sql.DB, table string) (*sql.Rows, error) {
	// ok: go.audit.sql-string-building
	return db.Query(fmt.Sprintf("SELECT id FROM %s WHERE active = 1", table))
}

func Number(db *sql.DB, limit int) (*sql.Rows, error) {
	// ok: go.audit.sql-string-building
	return db.Query(fmt.Sprintf("SELECT id FROM users LIMIT %d", limit))
}

func List(db *sql.DB, ids []any) (*sql.Rows, error) {
	marks := strings.TrimSuffix(strings.Repeat("?,", len(ids)), ",")
	// todook: go.audit.sql-string-building
	return db.Query("SELECT id FROM users WHERE id IN ("+marks+")", ids...)
}

func Inline(db *sql.DB, ids []any) (*sql.Rows, error) {
	// ok: go.audit.sql-string-building
	return db.Query(fmt.Sprintf("SELECT id FROM users WHERE id IN (%s)", strings.Repeat("?,", len(ids)-1)+"?"), ids...)
}

func Header(values url.Values, name string) string {
	// ok: go.audit.sql-string-building
	return values.Get("filter=" + name)
}
