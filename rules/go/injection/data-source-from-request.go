package tenants

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/jackc/pgx/v5"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
)

var addresses = map[string]string{"a": "postgres://a.internal/app", "b": "postgres://b.internal/app"}

func Open(w http.ResponseWriter, r *http.Request) {
	dsn := fmt.Sprintf("app:example@tcp(%s)/app", r.FormValue("host"))
	// ruleid: go.injection.data-source-from-request
	db, err := sql.Open("mysql", dsn)
	_, _ = db, err
}

func Connect(c *gin.Context) {
	connect(c.Request.Context(), "postgres://app@db/"+c.Param("tenant"))
}

func connect(ctx context.Context, dsn string) {
	// ruleid: go.injection.data-source-from-request
	_, _ = pgx.Connect(ctx, dsn)
}

func Gorm(c *gin.Context) {
	// ruleid: go.injection.data-source-from-request
	_, _ = gorm.Open(postgres.Open("dbname="+c.Query("db")), &gorm.Config{})
}

func Known(ctx context.Context, r *http.Request) {
	// ok: go.injection.data-source-from-request
	_, _ = pgx.Connect(ctx, addresses[r.FormValue("tenant")])
}

func Configured(dsn string) {
	// ok: go.injection.data-source-from-request
	_, _ = sql.Open("postgres", dsn)
}

func Constant() {
	// ok: go.injection.data-source-from-request
	_, _ = sql.Open("sqlite3", "file:app.db")
}
