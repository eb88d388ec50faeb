package db

import (
	"context"
	"database/sql"
	"os"

	"github.com/go-sql-driver/mysql"
	"github.com/jackc/pgx/v5"
	"github.com/redis/go-redis/v9"
)

func URL() (*sql.DB, error) {
	// ruleid: go.credentials.hardcoded-database-password
	return sql.Open("postgres", "postgres://app:example-password-for-tests@db.example.com/app")
}

func MySQL() (*sql.DB, error) {
	// ruleid: go.credentials.hardcoded-database-password
	return sql.Open("mysql", "app:example-password-for-tests@tcp(db.example.com:3306)/app")
}

func Keywords(ctx context.Context) (*pgx.Conn, error) {
	// ruleid: go.credentials.hardcoded-database-password
	return pgx.Connect(ctx, "host=db.example.com user=app password=example-password-for-tests dbname=app")
}

func Variable() (*sql.DB, error) {
	dsn := "app:example-password-for-tests@tcp(db.example.com:3306)/app"
	// ruleid: go.credentials.hardcoded-database-password
	return sql.Open("mysql", dsn)
}

func Cache() *redis.Client {
	// ruleid: go.credentials.hardcoded-database-password
	return redis.NewClient(&redis.Options{Addr: "cache.example.com:6379", Password: "example-password-for-tests"})
}

func Environment() (*sql.DB, error) {
	// ok: go.credentials.hardcoded-database-password
	return sql.Open("postgres", os.Getenv("DATABASE_URL"))
}

func Peer() (*sql.DB, error) {
	// ok: go.credentials.hardcoded-database-password
	return sql.Open("postgres", "host=/var/run/postgresql dbname=app sslmode=disable")
}

func NoPassword() *redis.Client {
	// ok: go.credentials.hardcoded-database-password
	return redis.NewClient(&redis.Options{Addr: "cache.example.com:6379", Password: ""})
}

func Config(password string) mysql.Config {
	// ok: go.credentials.hardcoded-database-password
	return mysql.Config{User: "app", Passwd: password, Net: "tcp"}
}

func File() (*sql.DB, error) {
	// ok: go.credentials.hardcoded-database-password
	return sql.Open("sqlite3", "file:app.db?cache=shared")
}
