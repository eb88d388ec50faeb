// Command worker does what the shop does later: orders, pictures, suppliers' feeds.
package main

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"
)

const (
	readTimeout     = 5 * time.Second
	shutdownTimeout = 10 * time.Second
)

func main() {
	database, err := sql.Open("pgx", os.Getenv("SHOP_DATABASE_URL"))
	if err != nil {
		slog.Error("no database", "error", err)
		os.Exit(1)
	}
	defer database.Close()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()

	worker := &Worker{orders: &Orders{database: database}, suppliers: NewSuppliers()}
	go func() {
		if err := http.ListenAndServe(":9090", worker.Metrics()); err != nil {
			slog.Error("metrics", "error", err)
		}
	}()

	server := &http.Server{
		Addr:              ":8080",
		Handler:           worker.Handler(),
		ReadHeaderTimeout: readTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      2 * readTimeout,
		IdleTimeout:       time.Minute,
	}
	go func() {
		<-ctx.Done()
		ending, cancel := context.WithTimeout(context.Background(), shutdownTimeout)
		defer cancel()
		_ = server.Shutdown(ending)
	}()
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		slog.Error("server", "error", err)
		os.Exit(1)
	}
}
