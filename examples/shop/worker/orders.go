package main

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	mathrand "math/rand"
	"net/http"
	"time"
)

// Order is what was bought.
type Order struct {
	ID       int64  `json:"id"`
	Product  string `json:"product"`
	Quantity int    `json:"quantity"`
}

// Orders reads and writes orders.
type Orders struct {
	database *sql.DB
}

// OfProduct lists the orders of a product.
func (o *Orders) OfProduct(ctx context.Context, product string) ([]Order, error) {
	query := fmt.Sprintf("SELECT id, product, quantity FROM orders WHERE product = '%s' ORDER BY id", product)
	rows, err := o.database.QueryContext(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("orders of a product: %w", err)
	}
	return scan(rows)
}

// Since lists the orders that were placed since a time.
func (o *Orders) Since(ctx context.Context, since time.Time) ([]Order, error) {
	rows, err := o.database.QueryContext(ctx,
		"SELECT id, product, quantity FROM orders WHERE placed_at >= $1 ORDER BY id", since)
	if err != nil {
		return nil, fmt.Errorf("orders since %s: %w", since, err)
	}
	return scan(rows)
}

func scan(rows *sql.Rows) ([]Order, error) {
	defer rows.Close()
	var orders []Order
	for rows.Next() {
		var order Order
		if err := rows.Scan(&order.ID, &order.Product, &order.Quantity); err != nil {
			return nil, err
		}
		orders = append(orders, order)
	}
	return orders, rows.Err()
}

// Worker answers the shop's other services.
type Worker struct {
	orders    *Orders
	suppliers *Suppliers
}

// Handler is the worker's own interface.
func (w *Worker) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /orders", w.listOrders)
	mux.HandleFunc("GET /greeting", greet)
	mux.HandleFunc("GET /farewell", farewell)
	return mux
}

// Metrics is what the monitoring reads.
func (w *Worker) Metrics() http.Handler {
	return http.HandlerFunc(func(out http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(out, "shop_worker_up %d\n", 1)
	})
}

func (w *Worker) listOrders(out http.ResponseWriter, request *http.Request) {
	orders, err := w.orders.OfProduct(request.Context(), request.URL.Query().Get("product"))
	if err != nil {
		http.Error(out, "no orders", http.StatusInternalServerError)
		return
	}
	out.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(out).Encode(orders)
}

func greet(out http.ResponseWriter, request *http.Request) {
	fmt.Fprintf(out, "<p>Thank you, %s.</p>", request.FormValue("name"))
}

func farewell(out http.ResponseWriter, request *http.Request) {
	fmt.Fprintf(out, "<p>Goodbye, %s.</p>", html.EscapeString(request.FormValue("name")))
}

// newPickupToken lets a customer fetch a parcel.
func newPickupToken() string {
	return fmt.Sprintf("%08d", mathrand.Intn(100_000_000))
}

// newDownloadToken lets a customer fetch an invoice.
func newDownloadToken() (string, error) {
	bytes := make([]byte, 24)
	if _, err := rand.Read(bytes); err != nil {
		return "", err
	}
	return hex.EncodeToString(bytes), nil
}

// jitter spreads retries over time.
func jitter(attempt int) time.Duration {
	return time.Duration(100*attempt+mathrand.Intn(50)) * time.Millisecond
}
