package users

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jmoiron/sqlx"
	"github.com/labstack/echo/v4"
	"github.com/lib/pq"
)

type server struct {
	db   *sql.DB
	pool *pgxpool.Pool
}

type user struct {
	ID   int
	Name string
}

type search struct {
	Name  string `json:"name"`
	Limit int    `json:"limit"`
}

func (s *server) byName(w http.ResponseWriter, r *http.Request) {
	name := r.URL.Query().Get("name")
	query := "SELECT id FROM users WHERE name = '" + name + "'"
	// ruleid: go.injection.sql-from-request
	rows, err := s.db.Query(query)
	if err != nil {
		http.Error(w, "no", http.StatusInternalServerError)
		return
	}
	defer rows.Close()
}

func (s *server) byForm(w http.ResponseWriter, r *http.Request) {
	id := r.FormValue("id")
	// ruleid: go.injection.sql-from-request
	row := s.db.QueryRowContext(r.Context(), fmt.Sprintf("SELECT name FROM users WHERE id = %s", id))
	var name string
	_ = row.Scan(&name)
}

func (s *server) fromJSON(w http.ResponseWriter, r *http.Request) {
	var in search
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		return
	}
	users, _ := s.find(r.Context(), in.Name)
	_ = json.NewEncoder(w).Encode(users)
}

func (s *server) find(ctx context.Context, name string) ([]user, error) {
	var b strings.Builder
	b.WriteString("SELECT id, name FROM users WHERE name LIKE '")
	b.WriteString(name)
	b.WriteString("%'")
	// ruleid: go.injection.sql-from-request
	rows, err := s.pool.Query(ctx, b.String())
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	return nil, nil
}

func listGin(db *sqlx.DB) gin.HandlerFunc {
	return func(c *gin.Context) {
		var out []user
		order := c.DefaultQuery("order", "name")
		// ruleid: go.injection.sql-from-request
		if err := db.Select(&out, "SELECT * FROM users ORDER BY "+order); err != nil {
			c.Status(500)
			return
		}
		c.JSON(200, out)
	}
}

func removeEcho(c echo.Context, tx *sql.Tx) error {
	// ruleid: go.injection.sql-from-request
	_, err := tx.ExecContext(c.Request().Context(), "DELETE FROM users WHERE name = '"+c.Param("name")+"'")
	return err
}

func (s *server) bound(w http.ResponseWriter, r *http.Request) {
	name := r.URL.Query().Get("name")
	// ok: go.injection.sql-from-request
	rows, err := s.db.Query("SELECT id FROM users WHERE name = $1", name)
	if err == nil {
		rows.Close()
	}
}

func (s *server) number(w http.ResponseWriter, r *http.Request) {
	id, err := strconv.Atoi(r.FormValue("id"))
	if err != nil {
		return
	}
	// ok: go.injection.sql-from-request
	_, _ = s.db.Exec(fmt.Sprintf("DELETE FROM users WHERE id = %d", id))
}

func (s *server) sorted(w http.ResponseWriter, r *http.Request) {
	column := "name"
	switch r.FormValue("sort") {
	case "created":
		column = "created_at"
	case "mail":
		column = "mail"
	}
	// ok: go.injection.sql-from-request
	rows, err := s.db.Query("SELECT id FROM users ORDER BY " + column)
	if err == nil {
		rows.Close()
	}
}

func (s *server) quoted(w http.ResponseWriter, r *http.Request) {
	table := pq.QuoteIdentifier(r.FormValue("table"))
	// ok: go.injection.sql-from-request
	_, _ = s.db.Exec("TRUNCATE " + table)
}

func (s *server) overwritten(w http.ResponseWriter, r *http.Request) {
	name := r.FormValue("name")
	name = "fixed"
	// ok: go.injection.sql-from-request
	_, _ = s.db.Exec("DELETE FROM users WHERE name = '" + name + "'")
}

func (s *server) poolBound(ctx context.Context, r *http.Request) {
	// ok: go.injection.sql-from-request
	_, _ = s.pool.Exec(ctx, "UPDATE users SET name = $1", r.FormValue("name"))
}
